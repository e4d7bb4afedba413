/**
 * What rtnetlink says about a network namespace, in the vocabulary of the subject `network` (`src/lab/facts.ts`).
 *
 * @module
 */

import { type Link, type LinkAddress, type Route, RT_TABLE_MAIN } from "./netlink_route.ts";

/** The facts of the subject `network` that rtnetlink knows. */
export type NetworkFacts = {
  readonly interfaces: readonly (Link & { readonly addresses: readonly string[] })[];
  readonly names: readonly string[];
  /** Without prefix length, each once. */
  readonly addresses: readonly string[];
  /** Of the main table. */
  readonly routes: readonly { readonly destination: string; readonly gateway?: string; readonly interface?: string }[];
};

/** Dumps of links, addresses and routes, put together; devices by index. */
export function networkFacts(dumps: {
  readonly links: readonly Link[];
  readonly addresses: readonly LinkAddress[];
  readonly routes: readonly Route[];
}): NetworkFacts {
  const links = dumps.links.toSorted((a, b) => a.index - b.index);
  const names = new Map(links.map(({ index, name }) => [index, name]));
  const addressesOf = Map.groupBy(dumps.addresses, ({ index }) => index);
  return {
    interfaces: links.map((link) => ({
      ...link,
      addresses: (addressesOf.get(link.index) ?? []).map(({ address }) => address),
    })),
    names: [...names.values()],
    addresses: [...new Set(dumps.addresses.map(({ address }) => address.replace(/\/\d+$/, "")))],
    routes: dumps.routes.filter(({ table }) => table === RT_TABLE_MAIN).map(({ destination, gateway, oif }) => {
      const device = oif === undefined ? undefined : names.get(oif);
      return {
        destination,
        ...(gateway === undefined ? {} : { gateway }),
        ...(device === undefined ? {} : { interface: device }),
      };
    }),
  };
}

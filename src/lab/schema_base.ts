/**
 * What the schemas are made of.
 *
 * @module
 */

import * as v from "valibot";
import { DNS_LABEL, DNS_SUBDOMAIN } from "./names.ts";

/** Any schema. */
type Schema = v.GenericSchema;

/** A schema with a description. */
type Described<T extends Schema> = v.SchemaWithPipe<
  readonly [T, v.DescriptionAction<v.InferOutput<T>, string>]
>;

/** Adds the description that editors show. */
export function doc<const T extends Schema>(description: string, schema: T): Described<T> {
  return v.pipe(schema, v.description(description));
}

/** A key that may be left out, with its description. */
export function maybe<const T extends Schema>(
  description: string,
  schema: T,
): v.OptionalSchema<Described<T>, undefined> {
  return v.optional(doc(description, schema));
}

/**
 * A map with these keys and no others.
 *
 * The message of its issues is the list of its keys: the library names only the first unknown key, and not what would
 * have been right, so `issues.ts` compares the keys itself.
 */
export function closed<const T extends v.ObjectEntries>(
  entries: T,
): v.StrictObjectSchema<T, v.ErrorMessage<v.StrictObjectIssue>> {
  const keys = Object.keys(entries).join(" ");
  return mapsOnly(v.strictObject(entries, () => keys));
}

/** A map from any key to texts. */
export const strings = mapsOnly(v.record(v.string(), v.string()));

/** The library takes a list for a map with the keys 0, 1 …: here it is shown as no value at all. */
function mapsOnly<const T extends Schema>(schema: T): T {
  return Object.assign({}, schema, {
    "~run": (dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) =>
      schema["~run"](Array.isArray(dataset.value) ? { value: null } : dataset, config),
  });
}

/** A text that is not empty. */
export const nonEmpty = v.pipe(v.string(), v.minLength(1, "Cannot use an empty text here"));

/** A text for people: English, or English and Chinese. */
export const text = v.union([
  nonEmpty,
  closed({ en: doc("In English", nonEmpty), zh: maybe("In Chinese", nonEmpty) }),
]);

/** A text that the kernel takes as a C string. */
export const cString = v.pipe(
  v.string(),
  v.excludes("\0", "Cannot use this text: it holds a NUL character, where C strings end"),
);

/** An absolute path. */
export const absolutePath = v.pipe(
  cString,
  v.startsWith("/", (issue) => `Cannot use ${JSON.stringify(issue.input)} as a path: it does not start with "/"`),
);

/** Names of labs, containers and volumes. */
export const label = v.pipe(
  v.string(),
  v.regex(
    DNS_LABEL,
    (issue) =>
      `Cannot use ${JSON.stringify(issue.input)} as a name: it takes 1 to 63 lower case letters, digits and "-", ` +
      `and starts and ends with a letter or digit`,
  ),
);

/** Names of pods. */
export const subdomain = v.pipe(
  v.string(),
  v.regex(
    DNS_SUBDOMAIN,
    (issue) =>
      `Cannot use ${JSON.stringify(issue.input)} as a pod's name: it takes lower case letters, digits, "-" and ".", ` +
      `and starts and ends with a letter or digit`,
  ),
  v.maxLength(253, "Cannot use a pod's name of more than 253 characters"),
);

/** A quantity, or the number that it is: read by `quantity.ts`. */
export const quantity = v.union([v.string(), v.number()]);

/** A duration: read by `quantity.ts`, which has better words for a number without unit than a type error. */
export const duration = v.union([
  v.pipe(v.string(), v.metadata({ examples: ["2s", "500ms", "1m30s"] })),
  v.number(),
]);

/** A whole number of at least 0. */
export const count = v.pipe(
  v.number(),
  v.integer((issue) => `Cannot use ${issue.input}: a whole number is wanted`),
  v.minValue(0, (issue) => `Cannot use ${issue.input}: it is below zero`),
  v.maxValue(2 ** 31 - 1, (issue) => `Cannot use ${issue.input}: it is more than 2147483647`),
);

/** A container by name: `pod/container`, `pod/infra`, or `container` in a lab of one pod. */
export const target = v.pipe(nonEmpty, v.metadata({ examples: ["web/a", "web/infra"] }));

/** One target or several. */
export const targets = v.union([
  target,
  v.pipe(v.array(target), v.minLength(1, "Cannot use an empty list of targets")),
]);

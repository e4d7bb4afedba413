/**
 * Users, capabilities and privileges of containers.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import type { Security } from "./lab.ts";
import { CAPABILITIES, type CapabilityName } from "./names.ts";
import type { Problems } from "./problems.ts";
import type { WrittenContainer, WrittenPod } from "./schema_pod.ts";
import type { At } from "./span.ts";
import { suggestion } from "./suggest.ts";
import { clipped } from "./tree.ts";

type Written = Cursor<NonNullable<WrittenContainer["securityContext"]>>;
type WrittenOfPod = Cursor<NonNullable<WrittenPod["spec"]["securityContext"]>>;

/** Reads a container's security context; where it says nothing, the pod's counts. */
export function readSecurity(written: Written, ofPod: WrittenOfPod, problems: Problems): Security {
  const privileged = written.get("privileged").at(false);
  const escalation = written.get("allowPrivilegeEscalation");
  if (privileged.value && escalation.value === false) {
    const message = "Cannot forbid privilege escalation in a privileged container";
    problems.error("impossible", escalation.keySpan, message, "Remove one of the two, as Kubernetes asks for");
  }
  const capabilities = written.get("capabilities");
  const runAsUser = userId(written.get("runAsUser"), ofPod.get("runAsUser"));
  const runAsGroup = userId(written.get("runAsGroup"), ofPod.get("runAsGroup"));
  return {
    privileged,
    ...(runAsUser === undefined ? {} : { runAsUser }),
    ...(runAsGroup === undefined ? {} : { runAsGroup }),
    capabilitiesAdd: readCapabilities(capabilities.get("add"), problems),
    capabilitiesDrop: readCapabilities(capabilities.get("drop"), problems),
    readOnlyRootFilesystem: written.get("readOnlyRootFilesystem").at(false),
    // Kubernetes' default: whoever says nothing gets no no_new_privs.
    allowPrivilegeEscalation: escalation.at(true),
  };
}

function userId(own: Cursor<number>, ofPod: Cursor<number>): At<number> | undefined {
  const place = own.written ? own : ofPod;
  return place.value === undefined ? undefined : { value: place.value, span: place.span };
}

function readCapabilities(list: Cursor<string[]>, problems: Problems): readonly At<CapabilityName | "ALL">[] {
  const names: At<CapabilityName | "ALL">[] = [];
  for (const item of list.items()) {
    if (item.value === undefined) continue;
    const written = item.value.toUpperCase().replace(/^CAP_/u, "");
    const name = written === "ALL" ? written : CAPABILITIES.find((known) => known === written);
    if (name !== undefined) names.push({ value: name, span: item.span });
    else {
      const hint = suggestion(written, CAPABILITIES, "capabilities");
      problems.error("bad_value", item.span, `Cannot find a capability ${clipped(item.value)}`, hint);
    }
  }
  return names;
}

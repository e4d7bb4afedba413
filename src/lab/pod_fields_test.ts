import assert from "node:assert/strict";
import { POD_FIELDS, podField } from "./pod_fields.ts";
import type { PodType } from "./pod_fields.ts";
import { PodSchema } from "./schema_pod.ts";

/** The keys of a schema and of the schemas in it, by the type that the table gives them. */
function compare(schema: unknown, type: PodType, found: Map<PodType, readonly string[]>): void {
  const entries = entriesOf(schema);
  found.set(type, Object.keys(entries).sort());
  for (const [name, field] of Object.entries(POD_FIELDS[type])) {
    if (field.status === "implemented" && field.of !== undefined) compare(entries[name], field.of, found);
  }
}

/** Looks through `optional` and lists. */
function entriesOf(schema: unknown): Record<string, unknown> {
  if (typeof schema !== "object" || schema === null) return {};
  if ("entries" in schema) return Object(schema.entries);
  if ("wrapped" in schema) return entriesOf(schema.wrapped);
  return "item" in schema ? entriesOf(schema.item) : {};
}

Deno.test("each implemented field of a Pod is in the schema, and no other", () => {
  const found = new Map<PodType, readonly string[]>();
  compare(PodSchema, "Pod", found);
  assert.equal(found.size, 14);
  for (const [type, keys] of found) {
    const implemented = Object.entries(POD_FIELDS[type]).filter(([, field]) => field.status === "implemented");
    assert.deepEqual(implemented.map(([name]) => name).sort(), keys, type);
  }
});

Deno.test("the fields of a Pod are as many as those of Kubernetes 1.36", () => {
  const counts = Object.fromEntries(
    Object.entries(POD_FIELDS).map(([type, fields]) => [type, Object.keys(fields).length]),
  );
  assert.deepEqual(counts, {
    Pod: 5,
    ObjectMeta: 15,
    PodSpec: 42,
    PodSecurityContext: 13,
    Container: 25,
    EnvVar: 3,
    ContainerPort: 5,
    SecurityContext: 12,
    Capabilities: 2,
    ResourceRequirements: 3,
    ResourceList: 4,
    VolumeMount: 7,
    Volume: 31,
    EmptyDirVolumeSource: 2,
    HostPathVolumeSource: 2,
    Probe: 10,
    Lifecycle: 3,
    LifecycleHandler: 4,
  });
});

Deno.test("podField() knows resources whose names have no end, and inherits nothing", () => {
  assert.equal(podField("ResourceList", "hugepages-2Mi")?.status, "not yet");
  assert.equal(podField("ResourceList", "example.com/gpu")?.status, "cluster-only");
  assert.equal(podField("ResourceList", "ram"), undefined);
  assert.equal(podField("PodSpec", "toString"), undefined);
});

/**
 * The JSON Schema of lab files, for editors.
 *
 * @module
 */

import { toJsonSchema } from "@valibot/to-json-schema";
import { expectDefinition, expectDefinitions } from "./json_schema_expect.ts";
import type { JsonSchema } from "./json_schema_expect.ts";
import { FACTS } from "./facts.ts";
import type { Json } from "./matcher.ts";
import { POD_FIELDS } from "./pod_fields.ts";
import type { PodType } from "./pod_fields.ts";
import { DEFINITIONS, LabSchema } from "./schema.ts";

/** The JSON Schema as text, as it is committed in `labs/lab.schema.json`. */
export function labSchemaText(): string {
  return `${JSON.stringify(labJsonSchema(), null, 2)}\n`;
}

/** The JSON Schema of a lab file (draft-07, which YAML language servers know best). */
export function labJsonSchema(): JsonSchema {
  const converted = toJsonSchema(LabSchema, {
    target: "draft-07",
    typeMode: "input",
    errorMode: "ignore",
    definitions: DEFINITIONS,
  });
  const { $defs, $schema, ...schema } = objectOf(JSON.parse(JSON.stringify(converted)));
  const definitions = objectOf($defs);
  return {
    $schema: $schema ?? null,
    title: "podlab lab",
    description: "A lab, or a Pod in a document beside it",
    if: { properties: { kind: { const: "Pod" } }, required: ["kind"] },
    then: { $ref: "#/$defs/Pod" },
    else: { $ref: "#/$defs/Lab" },
    $defs: {
      Lab: schema,
      ...definitions,
      Action: { ...objectOf(definitions.Action), minProperties: 1, maxProperties: 1 },
      Observation: withExpectations(objectOf(definitions.Observation)),
      Pod: withIgnoredFields(objectOf(definitions.Pod), "Pod"),
      Container: withIgnoredFields(objectOf(definitions.Container), "Container"),
      ...expectDefinitions(),
    },
  };
}

function objectOf(value: Json | undefined): JsonSchema {
  return typeof value === "object" && value !== null && !isList(value) ? value : {};
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** One subject, and the facts that go with it. */
function withExpectations(observation: JsonSchema): JsonSchema {
  const subjects = Object.keys(FACTS);
  return {
    ...observation,
    oneOf: subjects.map((subject) => ({ required: [subject] })),
    allOf: subjects.map((subject) => ({
      if: { required: [subject] },
      then: { properties: { expect: { $ref: `#/$defs/${expectDefinition(subject)}` } } },
    })),
  };
}

/** Allows the fields that podlab ignores with a warning: an editor is not stricter than the check. */
function withIgnoredFields(schema: JsonSchema, type: PodType): JsonSchema {
  const properties: Record<string, Json> = { ...objectOf(schema.properties) };
  for (const [name, field] of Object.entries(POD_FIELDS[type])) {
    if (field.status === "cluster-only" && field.refused !== true) {
      properties[name] = { description: `Cluster-only, ignored: ${field.reason}` };
    } else if (field.status === "implemented" && field.of !== undefined) {
      properties[name] = inside(objectOf(properties[name]), field.of);
    }
  }
  return { ...schema, properties };
}

/** Lists of objects have theirs in `items`; those with a definition are changed there. */
function inside(schema: JsonSchema, type: PodType): JsonSchema {
  if (schema.items !== undefined) return { ...schema, items: inside(objectOf(schema.items), type) };
  return schema.properties === undefined ? schema : withIgnoredFields(schema, type);
}

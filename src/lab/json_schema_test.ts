import assert from "node:assert/strict";
import { FACTS } from "./facts.ts";
import { labJsonSchema, labSchemaText } from "./json_schema.ts";
import { SUBJECT_ENTRIES } from "./schema.ts";

const schema = JSON.parse(JSON.stringify(labJsonSchema()));

Deno.test("labs/lab.schema.json is what the schema says", () => {
  const committed = Deno.readTextFileSync(new URL("../../labs/lab.schema.json", import.meta.url));
  assert.ok(committed === labSchemaText(), "labs/lab.schema.json is stale: run deno task gen");
});

Deno.test("labJsonSchema() has each fact of each subject where an editor looks for it", () => {
  for (const [subject, fact] of Object.entries(FACTS)) {
    const definition = schema.$defs[`expect.${subject}`];
    const facts = fact.type === "list" ? schema.$defs[`expect.${subject}.item`] : definition;
    const of = fact.type === "list" ? fact.of : fact;
    assert.ok(of.type === "object");
    for (const [name, { doc }] of Object.entries(of.fields)) {
      assert.equal(facts.properties[name]?.description, doc, `${subject}.${name}`);
    }
  }
});

Deno.test("labJsonSchema() refers to nothing that is not there", () => {
  const references = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/gu)].map(([, name]) =>
    name ?? ""
  );
  assert.ok(references.length > 100);
  assert.deepEqual(references.filter((name) => schema.$defs[name] === undefined), []);
});

Deno.test("labJsonSchema() describes each key of an observation", () => {
  const { properties, oneOf } = schema.$defs.Observation;
  for (const [key, value] of Object.entries(properties)) assert.ok(Object(value).description, key);
  assert.deepEqual(oneOf.map((each: { required: string[] }) => each.required[0]), Object.keys(FACTS));
});

Deno.test("the schema has the subjects that have facts", () => {
  assert.deepEqual(Object.keys(SUBJECT_ENTRIES).sort(), Object.keys(FACTS).sort());
});

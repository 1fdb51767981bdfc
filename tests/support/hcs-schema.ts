import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** The two schemas' own `x-…` annotations are not checks. */
const ajv = new Ajv2020({ strict: false, allErrors: true });

function definition(file: string, name: string): ValidateFunction {
  const path = new URL(`../fixtures/${file}`, import.meta.url);
  // The fixture is a JSON schema with an $id.
  const schema = JSON.parse(readFileSync(path, "utf8")) as { $id: string };
  if (!ajv.getSchema(schema.$id)) ajv.addSchema(schema);
  return ajv.compile({ $ref: `${schema.$id}#/$defs/${name}` });
}

/** What an HCS document of this type has against its schema; empty when it is valid. */
export function hcsProblems(name: string, document: unknown): string[] {
  return problems(definition("hcs-schema.json", name), document);
}

/** The same for an HCN document. */
export function hcnProblems(name: string, document: unknown): string[] {
  return problems(definition("hcn-schema.json", name), document);
}

function problems(validate: ValidateFunction, document: unknown): string[] {
  // What crosses to HCS is the JSON, without the properties that are undefined.
  if (validate(JSON.parse(JSON.stringify(document)))) return [];
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

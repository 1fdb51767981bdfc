import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
// Imported, so that a bundle has them too: the suites run under Wine as one.
import hcnSchema from "../fixtures/hcn-schema.json" with { type: "json" };
import hcsSchema from "../fixtures/hcs-schema.json" with { type: "json" };

/** The two schemas' own `x-…` annotations are not checks. */
const ajv = new Ajv2020({ strict: false, allErrors: true });

const compiled = new Map<string, ValidateFunction>();

function definition(schema: { readonly $id: string }, name: string): ValidateFunction {
  const reference = `${schema.$id}#/$defs/${name}`;
  const known = compiled.get(reference);
  if (known) return known;
  if (!ajv.getSchema(schema.$id)) ajv.addSchema(schema);
  const validate = ajv.compile({ $ref: reference });
  compiled.set(reference, validate);
  return validate;
}

/** What an HCS document of this type has against its schema; empty when it is valid. */
export function hcsProblems(name: string, document: unknown): string[] {
  return problems(definition(hcsSchema, name), document);
}

/** The same for an HCN document. */
export function hcnProblems(name: string, document: unknown): string[] {
  return problems(definition(hcnSchema, name), document);
}

function problems(validate: ValidateFunction, document: unknown): string[] {
  // What crosses to HCS is the JSON, without the properties that are undefined.
  if (validate(JSON.parse(JSON.stringify(document)))) return [];
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

import { z } from 'zod';

type Json = Record<string, unknown>;

/**
 * The JSON Schema of what a file may hold. Zod describes either what it reads or what it makes of that; a file that leaves
 * a key empty or out is read as one with the default, so the schema is of the result, with nothing required that has a
 * default, and null where an empty key stands for an empty mapping or list.
 */
export function fileSchema(title: string, schema: z.ZodType): Json {
  const made = z.toJSONSchema(schema, {
    io: 'output',
    target: 'draft-07',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodObject) keepRequired(zodSchema, jsonSchema as Json);
      if (zodSchema instanceof z.ZodPipe) describePipe(zodSchema, jsonSchema as Json);
    },
  });
  return { ...made, title };
}

/** Requires only what has neither a default nor a meaning when it is left out. */
function keepRequired({ shape }: z.ZodObject, jsonSchema: Json): void {
  const required = Object.entries(shape).flatMap(([name, member]) =>
    (member as z.ZodType).safeParse(undefined).success ? [] : [name],
  );
  delete jsonSchema.required;
  if (required.length > 0) jsonSchema.required = required;
}

function describePipe(pipe: z.ZodPipe, jsonSchema: Json): void {
  // `z.string().transform(…)`: the file has the string.
  if (pipe.out instanceof z.ZodTransform) {
    const { $schema: _, ...input } = z.toJSONSchema(pipe.in as z.ZodType, {
      io: 'input',
      target: 'draft-07',
    });
    Object.assign(jsonSchema, input);
  }
  // `z.preprocess(…)`, which takes null for an empty mapping or list.
  else if (pipe.in instanceof z.ZodTransform && typeof jsonSchema.type === 'string')
    jsonSchema.type = [jsonSchema.type, 'null'];
}

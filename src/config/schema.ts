import { z } from 'zod';
import { SETTING_TABLE } from './setting-table.ts';
import type { ConfigValues } from './settings.ts';

/** A key of YAML with nothing after it is an empty mapping, not a missing one; an unknown key is an error. */
const mapping = (shape: z.ZodRawShape) => z.preprocess((value) => value ?? {}, z.strictObject(shape));

/** What a group of settings must satisfy together. */
const GROUP_CHECKS: Readonly<
  Record<string, (group: Readonly<Record<string, unknown>>) => readonly string[]>
> = {
  tls: ({ mode, ...files }) =>
    mode === 'files' ? ['cert', 'key'].filter((name) => files[name] === null) : [],
};

function groupSchema(name: string, shape: z.ZodRawShape): z.ZodType {
  const missingIn = GROUP_CHECKS[name];
  if (missingIn === undefined) return mapping(shape);
  return mapping(shape).superRefine((group, context) => {
    for (const missing of missingIn(group as Readonly<Record<string, unknown>>))
      context.addIssue({
        code: 'custom',
        path: [missing],
        message: `is required with ${name}.mode files`,
        params: { rule: 'missing-key' },
      });
  });
}

/** Replicas that share decisions and not what these are about would contradict each other. */
function checkSharing(values: Pick<ConfigValues, 'state' | 'stub'>, context: z.RefinementCtx): void {
  if (values.state === 'memory' || !values.stub.store.startsWith('sqlite:')) return;
  context.addIssue({
    code: 'custom',
    path: ['stub', 'store'],
    message: 'a file belongs to one replica; leave it out for the Redis of state, or name another Redis',
    params: { rule: 'not-shared' },
  });
}

function buildSchema(): z.ZodType<ConfigValues> {
  const shape: Record<string, z.ZodType> = {};
  const groups = new Map<string, Record<string, z.ZodType>>();
  for (const [key, { schema }] of Object.entries(SETTING_TABLE)) {
    const [head = '', name] = key.split('.');
    if (name === undefined) shape[head] = schema;
    else groups.set(head, { ...groups.get(head), [name]: schema });
  }
  for (const [name, members] of groups) shape[name] = groupSchema(name, members);
  // The shape is built from the table that the type is derived from.
  const schema = mapping(shape) as unknown as z.ZodType<ConfigValues>;
  return schema.superRefine(checkSharing);
}

/** The form of `proxy.yaml`, from the table of settings. */
export const configSchema = buildSchema();

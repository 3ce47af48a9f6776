import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Document, Line, LinePolicies, Statement } from '../differential/line.ts';

/** One case of the corpus with all short forms expanded. */
export interface Case {
  /** `conditions/string.yaml: StringEquals is case-sensitive` */
  readonly title: string;
  readonly line: Line;
  readonly expect: Expectation;
  /** The AWS page that documents the expectation. */
  readonly source: string;
  /** The same request as an API call of Amazon Personalize. */
  readonly http?: { readonly operation: string; readonly input: Readonly<Record<string, unknown>> };
}

export type Expectation =
  | {
      readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
      readonly layer?: string;
      /** `policy#statement` */
      readonly determining?: readonly string[];
    }
  | { readonly decision: 'refused' };

const ACCOUNT = '123456789012';

const document = z.union([
  z.string(),
  z.record(z.string(), z.unknown()),
  z.array(z.record(z.string(), z.unknown())),
]);
const decision = z.enum(['allowed', 'explicitDeny', 'implicitDeny']);
const layers = z.strictObject({
  identity: z.array(document).optional(),
  permissionsBoundary: document.optional(),
  session: z.array(document).optional(),
  serviceControl: z.array(z.array(document)).optional(),
  resourceControl: z.array(z.array(document)).optional(),
  resourcePolicy: z.strictObject({ account: z.string(), document }).optional(),
});
const question = z.strictObject({
  principal: z.string().optional(),
  action: z.string().optional(),
  resource: z.string().optional(),
  context: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
});
const FILE = z.strictObject({
  topic: z.string(),
  source: z.url(),
  given: question,
  policies: z.record(z.string(), document).default({}),
  cases: z.array(
    question.extend({
      it: z.string(),
      source: z.url().optional(),
      statement: z.record(z.string(), z.unknown()).optional(),
      condition: z.record(z.string(), z.unknown()).optional(),
      policies: layers.optional(),
      expect: z.union([
        decision,
        z.literal('refused'),
        z.strictObject({
          decision,
          layer: z
            .enum([
              'identity',
              'resourcePolicy',
              'permissionsBoundary',
              'session',
              'serviceControl',
              'resourceControl',
            ])
            .optional(),
          determining: z.array(z.string()).optional(),
        }),
      ]),
      http: z.strictObject({ operation: z.string(), input: z.record(z.string(), z.unknown()) }).optional(),
    }),
  ),
});

type CaseFile = z.infer<typeof FILE>;
type WrittenCase = CaseFile['cases'][number];
type WrittenDocument = z.infer<typeof document>;

/** Every case under `test/cases`, in the order of the files. Throws if a file is invalid. */
export function loadCases(folder: string = import.meta.dirname): readonly Case[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => casesOf(name, readFileSync(path.join(folder, name), 'utf8')));
}

function casesOf(name: string, text: string): readonly Case[] {
  const read = FILE.safeParse(parse(text));
  if (!read.success) throw new Error(`${name}: ${z.prettifyError(read.error)}`);
  return read.data.cases.map((written) => ({
    title: `${name}: ${written.it}`,
    line: lineOf(written, read.data),
    expect: typeof written.expect === 'string' ? { decision: written.expect } : withoutGaps(written.expect),
    source: written.source ?? read.data.source,
    ...(written.http && { http: written.http }),
  }));
}

function withoutGaps({ decision, layer, determining }: Exclude<WrittenCase['expect'], string>): Expectation {
  return { decision, ...(layer && { layer }), ...(determining && { determining }) };
}

function lineOf(written: WrittenCase, { given, policies }: CaseFile): Line {
  const { principal = '', action = '', resource = '', context = {} } = { ...given, ...written };
  return {
    principal: { arn: fullPrincipal(principal) },
    action,
    resource: fullResource(resource),
    context,
    policies: policiesOf(written, policies),
  };
}

function fullPrincipal(text: string): string {
  if (text === 'root' || /^(?:user|role)\//.test(text)) return `arn:aws:iam::${ACCOUNT}:${text}`;
  return /^(?:assumed-role|federated-user)\//.test(text) ? `arn:aws:sts::${ACCOUNT}:${text}` : text;
}

const fullResource = (text: string): string =>
  text === '*' || text.startsWith('arn:') ? text : `arn:aws:personalize:us-east-1:${ACCOUNT}:${text}`;

function policiesOf(
  { statement, condition, policies = {} }: WrittenCase,
  named: CaseFile['policies'],
): LinePolicies {
  const allow = condition && { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition };
  const only = statement ?? allow;
  if (only !== undefined) return { identity: [{ name: 'statement', document: fullDocument(only, named) }] };
  const { identity, permissionsBoundary, session, serviceControl, resourceControl, resourcePolicy } =
    policies;
  const full = (written: WrittenDocument) => fullDocument(written, named);
  return {
    ...(identity && {
      identity: identity.map((written, index) => ({
        name: typeof written === 'string' ? written : `identity[${index}]`,
        document: full(written),
      })),
    }),
    ...(permissionsBoundary && { permissionsBoundary: full(permissionsBoundary) }),
    ...(session && { session: session.map(full) }),
    ...(serviceControl && { serviceControl: serviceControl.map((level) => level.map(full)) }),
    ...(resourceControl && { resourceControl: resourceControl.map((level) => level.map(full)) }),
    ...(resourcePolicy && {
      resourcePolicy: { account: resourcePolicy.account, document: full(resourcePolicy.document) },
    }),
  };
}

/** Not validated as a policy: in some cases, the policy is expected to be rejected. */
function fullDocument(written: WrittenDocument, named: CaseFile['policies']): Document {
  if (typeof written === 'string') {
    const found = named[written];
    if (found === undefined) throw new Error(`there is no policy "${written}" in the file`);
    return fullDocument(found, {});
  }
  if (!Array.isArray(written) && 'Statement' in written) return written;
  return { Version: '2012-10-17', Statement: written as unknown as Statement };
}

import aws4 from 'aws4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { findOperation } from '../../src/model/load.ts';
import type { Operation, ServiceName } from '../../src/model/shape.ts';
import { authorizationOf } from '../../src/services/services.ts';
import { type Case, loadCases } from '../cases/load.ts';

interface Call {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
}

const SERVICES: readonly ServiceName[] = ['personalize', 'personalize-runtime', 'personalize-events'];

const operationNamed = (name: string): Operation | undefined =>
  SERVICES.map((service) => findOperation(service, name)).find((operation) => operation);

/** The call that asks a case's question: the one written with it, or an operation whose one check it is. */
function callOf({ http, line }: Case): Call | undefined {
  const operation = operationNamed(http?.operation ?? line.action.replace(/^personalize:/, ''));
  if (!operation) return undefined;
  if (http) return { operation, input: http.input };
  const [check, ...more] = authorizationOf(operation).checks;
  if (check?.resource.from !== 'member' || check.resource.path.length !== 1 || more.length > 0)
    return undefined;
  const [member = ''] = check.resource.path;
  const required = [...(operation.input?.required ?? [])];
  const isAll = required.every((name) => name === member) && line.resource.startsWith('arn:');
  return isAll ? { operation, input: { [member]: line.resource } } : undefined;
}

/**
 * The cases of the corpus that a real call asks: one user a case, with the case's policies. What belongs to a whole
 * account, and what depends on context keys that a live request fills by itself, is for the other doors.
 */
const CASES = loadCases().flatMap((each) => {
  const { principal, context, policies } = each.line;
  const { identity, permissionsBoundary, ...more } = policies;
  const isUser = principal.arn.startsWith('arn:aws:iam::123456789012:user/');
  const knownKeys = Object.keys(context).every((key) => key === 'aws:username');
  const isPlain =
    knownKeys && !/\$\{|"Condition"/.test(JSON.stringify(policies)) && Object.keys(more).length === 0;
  const call = callOf(each);
  const fits = isUser && isPlain && (identity ?? permissionsBoundary) && each.expect.decision !== 'refused';
  return fits && call ? [{ ...each, call }] : [];
});

const keyOf = (index: number) => ({
  accessKeyId: `AKIALOCALCASE${String(index).padStart(7, '0')}`,
  secretAccessKey: `local-only-secret-of-case-${index}`,
});

let proxy: RunningProxy;
beforeAll(async () => {
  const policies: Record<string, unknown> = {};
  const users = CASES.map(({ line }, index) => {
    const { identity = [], permissionsBoundary } = line.policies;
    const names = identity.map(({ document }, place) => {
      policies[`case-${index}/identity-${place}`] = document;
      return `case-${index}/identity-${place}`;
    });
    const boundary = `case-${index}/boundary`;
    if (permissionsBoundary) policies[boundary] = permissionsBoundary;
    const { accessKeyId: id, secretAccessKey: secret } = keyOf(index);
    return [
      `case-${index}`,
      {
        accessKeys: [{ id, secret }],
        managedPolicies: names,
        ...(permissionsBoundary && { permissionsBoundary: boundary }),
      },
    ] as const;
  });
  proxy = await startProxy({ principals: { users: Object.fromEntries(users) }, policies });
});
afterAll(() => proxy.close());

describe('the corpus over live HTTP', () => {
  it('has cases', () => {
    expect(CASES.length).toBeGreaterThan(50);
  });

  it.each(CASES.map((each, index) => [each.title, each, index] as const))('%s', async (_, each, index) => {
    const decisionId = await send(each.call, index);
    const record = proxy.decisions.find(({ id }) => id === decisionId);
    const { action, resource } = each.line;
    const check = record?.checks.find((made) => made.action === action && made.resource === resource);
    expect(check).toMatchObject(wantedOf(each.expect));
    expect(record?.outcome).toBe(each.expect.decision === 'allowed' ? 'forwarded' : 'denied');
  });
});

function wantedOf({ decision, ...more }: Case['expect']) {
  return { decision, ...('layer' in more && more.layer && { layer: more.layer }) };
}

/** Makes the call, and gives the id of its decision. */
async function send({ operation, input }: Call, index: number): Promise<string | null> {
  const isJson = operation.service.protocol === 'awsJson1.1';
  const body = JSON.stringify(input);
  const { headers } = aws4.sign(
    {
      method: operation.method,
      path: operation.path,
      service: 'personalize',
      region: 'us-east-1',
      headers: {
        host: new URL(proxy.url).host,
        'content-type': isJson ? 'application/x-amz-json-1.1' : 'application/json',
        ...(isJson && { 'x-amz-target': `AmazonPersonalize.${operation.name}` }),
      },
      body: Buffer.from(body),
    },
    keyOf(index),
  );
  const response = await fetch(`${proxy.url}${operation.path}`, { method: operation.method, headers, body });
  return response.headers.get('x-authz-decision');
}

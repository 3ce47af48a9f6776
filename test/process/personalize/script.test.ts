import { readFileSync } from 'node:fs';
/** @module-tag clients */
import * as control from '@aws-sdk/client-personalize';
import * as events from '@aws-sdk/client-personalize-events';
import * as runtime from '@aws-sdk/client-personalize-runtime';
import { describe, expect, it } from 'vitest';
import { startProxy } from '../../../src/index.ts';
import { personalizeOperations } from '../../../src/services/personalize/service-operations.ts';
import { hasBoto3, python } from '../../e2e/clients.ts';
import { outputDiagnostics } from '../../unit/stub/output-faults.ts';
import { SCRIPT, type Step } from './script.ts';

const PYTHON = readFileSync(new URL('script.py', import.meta.url), 'utf8');

/** Its clock goes on with each look at it: a client that polls sees every status without waiting. */
function start() {
  let looks = 0;
  return startProxy({
    config: 'config/proxy.yaml',
    stubTransitionSeconds: 20,
    clock: () => Date.now() + ++looks * 1000,
    clockSkewMinutes: 1440,
  });
}

it('calls every one of the 79 operations', () => {
  const called = new Set(SCRIPT.map(({ operation }) => operation));
  expect([...personalizeOperations().keys()].filter((name) => !called.has(name))).toEqual([]);
});

describe('the script of a Personalize user', () => {
  it('runs through AWS SDK v3, every answer in its output shape', async () => {
    await using proxy = await start();
    const config = proxy.clientConfig('alice');
    const clients = [
      [control, new control.PersonalizeClient(config)],
      [runtime, new runtime.PersonalizeRuntimeClient(config)],
      [events, new events.PersonalizeEventsClient(config)],
    ] as const;
    const kept = new Map<string, string>();
    for (const [index, step] of SCRIPT.entries()) {
      const label = `step ${index + 1}, ${step.operation}`;
      const answer = await settled(step, () => send(clients, step, kept));
      const allowed = [step.refused, step.until?.[0] === 'error' ? step.until[1] : undefined];
      expect(allowed, `${label}: ${JSON.stringify(answer)}`).toContain(answer.error);
      for (const [name, path] of Object.entries(step.keep ?? {}))
        kept.set(name, String(member(answer, path)));
      for (const [path, value] of Object.entries(step.expect ?? {}))
        expect(member(answer, path), `${label}: ${path}`).toEqual(filled(value, kept));
    }
  });

  it.skipIf(!hasBoto3)(
    'runs through boto3, every answer as botocore knows it (skips without boto3)',
    { tags: 'clients' },
    async () => {
      await using proxy = await start();
      const { stdout, stderr } = await python(proxy.clientConfig('alice'), PYTHON, JSON.stringify(SCRIPT));
      expect(stderr).toBe('');
      expect(stdout).toBe('walked\n');
    },
  );
});

type Answer = Readonly<Record<string, unknown>>;
type Sdk = Readonly<Record<string, unknown>>;
type Client = { send(command: never): Promise<unknown> };

async function send(
  clients: readonly (readonly [Sdk, Client])[],
  { operation, input }: Step,
  kept: ReadonlyMap<string, string>,
): Promise<Answer> {
  const found = clients.find(([known]) => `${operation}Command` in known);
  if (found === undefined) throw new Error(`no client has ${operation}`);
  const [sdk, client] = found;
  const Command = sdk[`${operation}Command`] as new (input: unknown) => never;
  try {
    const { $metadata: _, ...answer } = (await client.send(new Command(filled(input, kept)))) as Record<
      string,
      unknown
    >;
    const given = Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined));
    expect(outputDiagnostics(given, personalizeOperations().get(operation)?.output), operation).toEqual([]);
    return given;
  } catch (cause) {
    if (!(cause instanceof Error) || !('$fault' in cause)) throw cause;
    return { error: cause.name, message: cause.message };
  }
}

/** Asks again, as people do, until the status is reached; each time over HTTP, so no rest is needed. */
async function settled({ until }: Step, ask: () => Promise<Answer>): Promise<Answer> {
  const end = performance.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (until === undefined || member(answer, until[0]) === until[1]) return answer;
    if (performance.now() > end)
      throw new Error(`${until[0]} is ${member(answer, until[0])}, not ${until[1]}`);
  }
}

function filled(value: unknown, kept: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\{(\w+)\}/g, (whole, name) => kept.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((item) => filled(item, kept));
  if (typeof value !== 'object' || value === null) return value;
  if ('$date' in value) return new Date(Number(value.$date));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, kept)]));
}

const member = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, step) => (at as Answer | undefined)?.[step], value);

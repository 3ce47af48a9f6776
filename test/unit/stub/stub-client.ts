import type { AwsError } from '../../../src/lib/errors.ts';
import { personalizeOperations } from '../../../src/services/personalize/service-operations.ts';
import {
  createStub,
  type PersonalizeStub,
  type StubOptions,
} from '../../../src/services/personalize/stub.ts';
import { outputDiagnostics } from './output-faults.ts';

export const OWNER = 'arn:aws:personalize:us-east-1:123456789012';
export const ROLE = 'arn:aws:iam::123456789012:role/personalize';
export const START = Date.UTC(2026, 10, 24);

/** A stub, a clock that the test moves, and calls by name. Every output is held against its output shape. */
export interface StubClient {
  readonly stub: PersonalizeStub;
  /** Moves the clock on. */
  pass(seconds: number): void;
  /** The output; throws where the call is refused. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any member of any output
  call(operation: string, input?: object): Promise<any>;
  /** The error; throws where the call is answered. */
  refusal(operation: string, input?: object): Promise<AwsError>;
}

export function stubClient(options: Partial<StubOptions> = {}): StubClient {
  let now = START;
  const stub = createStub({ clock: () => now, ...options });
  const operations = personalizeOperations();

  const send = async (name: string, input: object) => {
    const operation = operations.get(name);
    if (operation === undefined) throw new Error(`there is no operation ${name}`);
    const scope = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
    const result = await stub.handle({ operation, input: { ...input }, ...scope });
    if (result.ok) {
      const diagnostics = outputDiagnostics(result.value, operation.output);
      if (diagnostics.length > 0) throw new Error(`${name}: ${diagnostics.join('; ')}`);
    }
    return result;
  };

  return {
    stub,
    pass: (seconds) => {
      now += seconds * 1000;
    },
    async call(name, input = {}) {
      const result = await send(name, input);
      if (!result.ok) throw new Error(`${name}: ${result.error.code}: ${result.error.message}`);
      return result.value;
    },
    async refusal(name, input = {}) {
      const result = await send(name, input);
      if (result.ok) throw new Error(`${name} was answered: ${JSON.stringify(result.value)}`);
      return result.error;
    },
  };
}

export const interactionsSchema = avro('Interactions', {
  USER_ID: 'string',
  ITEM_ID: 'string',
  TIMESTAMP: 'long',
  EVENT_TYPE: 'string',
});

export function avro(name: string, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    type: 'record',
    name,
    namespace: 'com.amazonaws.personalize.schema',
    fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
    version: '1.0',
  });
}

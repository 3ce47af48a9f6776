import { Bench } from 'tinybench';
import { type CompiledPolicies, compile } from '../src/engine/compile.ts';
import { decide } from '../src/engine/decide.ts';
import type { NamedPolicy } from '../src/engine/policy-set.ts';
import type { AuthorizationRequest } from '../src/engine/request.ts';
import {
  campaign,
  policiesOf,
  requestOf,
  SHAPES,
  type Shape,
  shippedPolicy,
  threeConditions,
} from './engine-subjects.ts';

/** Decisions a sample: one alone is too short for the clock. */
const BATCH = 1000;
const SIZES = [10, 1_000, 10_000] as const;

/** What was measured; times in microseconds a decision unless the name says otherwise. */
export interface EngineFigures {
  readonly threePolicies: number;
  readonly shapes: readonly {
    readonly name: string;
    readonly micros: readonly number[];
    readonly ratio: number;
  }[];
  readonly compileMillis: number;
  readonly kilobytesPerThousand: number;
}

/** Measures the engine and prints a line a figure. */
export async function benchEngine(): Promise<EngineFigures> {
  const threePolicies = await benchThreePolicies();
  console.log(line('three policies (full access, 25 actions, three conditions)', micros(threePolicies)));
  const shapes = [];
  for (const shape of SHAPES) {
    const times = await benchShape(shape);
    const ratio = (times.at(-1) ?? 0) / (times[0] ?? 1);
    shapes.push({ name: shape.name, micros: times, ratio });
    const figures = SIZES.map((size, index) => `${size}: ${micros(times[index] ?? 0)}`).join('   ');
    console.log(line(shape.name, `${figures}   ratio ${ratio.toFixed(2)}`));
  }
  const compileMillis = median(Array.from({ length: 9 }, () => SHAPES.map(compileTime)).flat());
  console.log(line('compiling 10,000 statements', `${compileMillis.toFixed(1)} ms`));
  const kilobytesPerThousand = median(SHAPES.map(kilobytes));
  console.log(line('memory of 1,000 statements', `${kilobytesPerThousand.toFixed(0)} kB`));
  return { threePolicies, shapes, compileMillis, kilobytesPerThousand };
}

async function benchThreePolicies(): Promise<number> {
  const identity = [
    shippedPolicy('personalize-full-access'),
    shippedPolicy('personalize-read-only'),
    threeConditions,
  ];
  const requests = [
    requestOf('personalize:GetRecommendations', campaign('shop')),
    requestOf('personalize:DescribeCampaign', campaign('shop')),
    requestOf('personalize:CreateCampaign', campaign('shop')),
    requestOf('personalize:ListCampaigns', '*'),
  ];
  return decisionTime(compile({ identity }), requests);
}

/** Micros a decision for each of the sizes, over requests whose statements stand all over the policies. */
async function benchShape(shape: Shape): Promise<readonly number[]> {
  const times: number[] = [];
  for (const size of SIZES) {
    const policies = compile({ identity: policiesOf(shape, size) });
    const requests = Array.from({ length: 10 }, (_, index) =>
      shape.request(Math.floor(((index + 0.5) * size) / 10)),
    );
    times.push(await decisionTime(policies, requests));
  }
  return times;
}

async function decisionTime(
  policies: CompiledPolicies,
  requests: readonly AuthorizationRequest[],
): Promise<number> {
  for (const request of requests)
    if (decide(request, policies).decision !== 'allowed')
      throw new Error(`${request.action} was not allowed`);
  const bench = new Bench({ time: 300, warmupTime: 100 });
  bench.add('decide', () => {
    for (let round = 0; round < BATCH / requests.length; round += 1)
      for (const request of requests) decide(request, policies);
  });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error('the benchmark did not complete');
  return (task.result.latency.p50 * 1000) / (BATCH - (BATCH % requests.length));
}

function compileTime(shape: Shape): number {
  const identity = policiesOf(shape, 10_000);
  const start = performance.now();
  compile({ identity });
  return performance.now() - start;
}

/** Heap of the compiled form alone, beside the parsed policies. */
function kilobytes(shape: Shape): number {
  const count = 10_000;
  const identity: readonly NamedPolicy[] = policiesOf(shape, count);
  const before = heapUsed();
  const policies = compile({ identity });
  const bytes = heapUsed() - before;
  return policies.layers.length > 0 ? (bytes / 1024 / count) * 1000 : 0;
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const micros = (value: number): string => `${value.toFixed(2)} µs`;

const line = (name: string, figures: string): string => `engine   ${name.padEnd(60)} ${figures}`;

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
import { digits, type Figure, type Section, single, spreadOf } from './figures.ts';

/** Decisions a sample: one alone is too short for the clock. */
const BATCH = 1000;
/** Of each subject, as far as it has that many statements. */
const DISTINCT_REQUESTS = 100;
const ROUNDS = 3;
const SIZES = [10, 1_000, 10_000] as const;

/** What decisions cost in this process, with few statements and with many. */
export async function benchEngine(): Promise<Section> {
  const figures: Figure[] = [
    { name: 'decide, three policies', unit: 'µs', ...single(await benchThreePolicies()) },
  ];
  for (const shape of SHAPES) {
    const times = await benchShape(shape);
    const [few = Number.NaN] = times;
    const many = times.at(-1) ?? Number.NaN;
    const note = `${SIZES.map((size, index) => `${size}: ${digits(times[index] ?? Number.NaN)}`).join(', ')} statements; ratio ${digits(many / few)}`;
    figures.push({ name: `decide, ${shape.name}`, unit: 'µs', ...single(many), note });
  }
  const compileMillis = spreadOf(Array.from({ length: 5 }, () => SHAPES.map(compileTime)).flat());
  figures.push({ name: 'compile 10,000 statements', unit: 'ms', ...compileMillis });
  figures.push({ name: 'memory of 1,000 statements', unit: 'kB', ...spreadOf(SHAPES.map(kilobytes)) });
  return { figures };
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
  const [time = 0] = await decisionTimes([{ policies: compile({ identity }), requests }]);
  return time;
}

interface Subject {
  readonly policies: CompiledPolicies;
  readonly requests: readonly AuthorizationRequest[];
}

/** Micros a decision for each of the sizes. */
async function benchShape(shape: Shape): Promise<readonly number[]> {
  return decisionTimes(SIZES.map((size) => subjectOf(shape, size)));
}

/** Requests whose statements stand all over the policies. */
function subjectOf(shape: Shape, size: number): Subject {
  const count = Math.min(size, DISTINCT_REQUESTS);
  const requests = Array.from({ length: count }, (_, index) =>
    shape.request(Math.floor(((index + 0.5) * size) / count)),
  );
  return { policies: compile({ identity: policiesOf(shape, size) }), requests };
}

/** The best of several rounds, taken in turns: what else runs on the machine slows all subjects alike. */
async function decisionTimes(subjects: readonly Subject[]): Promise<readonly number[]> {
  let best: readonly number[] = subjects.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round += 1) {
    const times: number[] = [];
    for (const subject of subjects) times.push(await decisionTime(subject));
    best = best.map((time, index) => Math.min(time, times[index] ?? time));
  }
  return best;
}

/** Median micros a decision. */
async function decisionTime({ policies, requests }: Subject): Promise<number> {
  for (const request of requests)
    if (decide(request, policies).decision !== 'allowed')
      throw new Error(`${request.action} was not allowed`);
  const bench = new Bench({ time: 100, warmupTime: 50 });
  bench.add('decide', () => {
    for (let made = 0; made < BATCH; made += requests.length)
      for (const request of requests) decide(request, policies);
  });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error('the benchmark did not complete');
  return (task.result.latency.p50 * 1000) / (Math.ceil(BATCH / requests.length) * requests.length);
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

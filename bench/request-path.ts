import { hash } from 'node:crypto';
import type { HttpRequest } from '../src/lib/http-message.ts';
import { digits, type Figure, ratioOf, type Section, spreadOf } from './figures.ts';
import type { Plan } from './plan.ts';
import { type Subjects, subjects } from './request-path-subjects.ts';

const SAMPLE_MILLIS = 60;
const WARM_UP_MILLIS = 1_000;
/** Principals beside the callers, each with three policies of its own. */
const OTHERS = 2_000;

/**
 * CPU time of the request path in this process, without HTTP. A whole call: from its bytes to the response and the decision
 * record, with a responder that returns at once. Verify: of the same request, authentication alone.
 */
export async function benchRequestPath({ quick }: Plan): Promise<Section> {
  const few = await subjects();
  const many = await subjects(OTHERS);
  const [allowed, denied, bySession, among, decide, verify, verifyLarge, hashLarge] = await cpuMicros(
    [
      call(few, few.allowed, 200),
      call(few, few.denied, 400),
      call(few, few.allowedBySession, 200),
      call(many, many.allowed, 200),
      few.decider(few.allowed),
      few.verifier(few.allowed),
      few.verifier(few.large),
      () => void hash('sha256', few.large.body, 'hex'),
    ],
    quick ? 9 : 21,
  );
  const verifyAndDecide = verify.map((micros, round) => micros + (decide[round] ?? Number.NaN));
  const large = ratioOf(verifyLarge, hashLarge);
  const figure = (name: string, samples: readonly number[], note = ''): Figure => ({
    name,
    unit: 'µs',
    ...spreadOf(samples),
    ...(note !== '' && { note }),
  });
  return {
    figures: [
      figure('verify a call of 200 bytes', verify),
      figure('resolve and decide its checks, three policies', decide),
      figure('the whole call, allowed', allowed),
      figure('the whole call, denied', denied),
      figure(
        'the whole call, by session token',
        bySession,
        `ratio ${digits(ratioOf(allowed, bySession).median)}`,
      ),
      figure(
        'the whole call, among 2,000 principals',
        among,
        `ratio ${digits(ratioOf(among, allowed).median)}`,
      ),
      figure('verify a call of 100 kB', verifyLarge, `SHA-256 of the body: ratio ${digits(large.median)}`),
    ],
    measured: { requestPath: spreadOf(verifyAndDecide), largeBody: large },
  };
}

type Work = () => unknown;

const call =
  ({ pipeline }: Subjects, request: HttpRequest, wanted: number): Work =>
  async () => {
    const { status, body } = await pipeline.run(request, undefined);
    if (status !== wanted) throw new Error(`the answer was ${status}: ${String(body)}`);
  };

/** Samples that are taken in turns: what else runs on the machine slows all alike. */
async function cpuMicros<Works extends readonly Work[]>(
  works: readonly [...Works],
  rounds: number,
): Promise<{ readonly [Index in keyof Works]: readonly number[] }> {
  const subjectsOf = [];
  for (const work of works) {
    const start = performance.now();
    let warm = 0;
    for (; performance.now() - start < WARM_UP_MILLIS; warm += 1) await work();
    subjectsOf.push({
      work,
      count: Math.ceil((warm * SAMPLE_MILLIS) / WARM_UP_MILLIS),
      samples: [] as number[],
    });
  }
  for (let round = 0; round < rounds; round += 1)
    for (const { work, count, samples } of subjectsOf) {
      const start = process.cpuUsage();
      for (let made = 0; made < count; made += 1) {
        const done = work();
        if (done instanceof Promise) await done;
      }
      const { user, system } = process.cpuUsage(start);
      samples.push((user + system) / count);
    }
  return subjectsOf.map(({ samples }) => samples) as unknown as {
    readonly [Index in keyof Works]: readonly number[];
  };
}

import { hash } from 'node:crypto';
import type { HttpRequest } from '../src/lib/http-message.ts';
import { type Subjects, subjects } from './request-path-subjects.ts';

const ROUNDS = 15;
const WARM_UP = 20_000;
const SAMPLE_MILLIS = 100;

/** CPU time of one request, from its bytes to the response and the decision record, in microseconds. */
export interface RequestPathFigures {
  readonly allowed: number;
  readonly denied: number;
  readonly bySession: number;
  readonly large: number;
  readonly hashOfLarge: number;
  /** With 2,000 principals, each with three policies of its own. */
  readonly amongMany: number;
}

/** The request path in this process, without HTTP: the responder returns at once. */
export async function benchRequestPath(): Promise<RequestPathFigures> {
  const few = await subjects();
  const many = await subjects(2_000);
  const [allowed = 0, denied = 0, bySession = 0, large = 0, hashOfLarge = 0, amongMany = 0] = await micros([
    call(few, few.allowed, 200),
    call(few, few.denied, 400),
    call(few, few.allowedBySession, 200),
    call(few, few.large, 200),
    async () => void hash('sha256', few.large.body, 'hex'),
    call(many, many.allowed, 200),
  ]);
  const figures = { allowed, denied, bySession, large, hashOfLarge, amongMany };
  const print = (name: string, figure: string): void => console.log(`path     ${name.padEnd(60)} ${figure}`);
  print('allowed, 200 bytes, three policies', `${allowed.toFixed(1)} µs`);
  print('denied', `${denied.toFixed(1)} µs`);
  print('by session token / by long-term key', (allowed / bySession).toFixed(2));
  print('100 kB / SHA-256 of the body', `${large.toFixed(1)} µs   ratio ${(large / hashOfLarge).toFixed(2)}`);
  print('among 2,000 principals / among 2', (amongMany / allowed).toFixed(2));
  return figures;
}

const call =
  ({ pipeline }: Subjects, request: HttpRequest, wanted: number) =>
  async (): Promise<void> => {
    const { status, body } = await pipeline.run(request, undefined);
    if (status !== wanted) throw new Error(`the answer was ${status}: ${String(body)}`);
  };

/** Medians of samples that are taken in turns: what else runs on the machine slows all alike. */
async function micros(works: readonly (() => Promise<void>)[]): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const work of works) {
    const start = performance.now();
    let warm = 0;
    while (warm < WARM_UP && performance.now() - start < 10 * SAMPLE_MILLIS) {
      await work();
      warm += 1;
    }
    counts.push(Math.ceil((warm * SAMPLE_MILLIS) / (performance.now() - start)));
  }
  const samples = works.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, work] of works.entries()) {
      const count = counts[index] ?? 1;
      const start = process.cpuUsage();
      for (let made = 0; made < count; made += 1) await work();
      const { user, system } = process.cpuUsage(start);
      samples[index]?.push((user + system) / count);
    }
  return samples.map((times) => times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0);
}

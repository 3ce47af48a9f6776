/** A process that makes load, so that what measures costs the measured nothing but the CPU that it takes. */
import autocannon from 'autocannon';
import type { Load, LoadResult } from './load.ts';

/** autocannon ends a load with a sample. */
const SAMPLE_MILLIS = 20;

async function run({ seconds, ...load }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  const start = performance.now();
  const cannon = autocannon({ ...load, pipelining: 1, duration: seconds, sampleInt: SAMPLE_MILLIS });
  let end = start;
  cannon.on('response', (_, status, __, millis) => {
    latencies.push(millis);
    statuses[status] = (statuses[status] ?? 0) + 1;
    end = performance.now();
  });
  const { errors } = await cannon;
  const sorted = Float64Array.from(latencies).sort();
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
  return {
    perSecond: sorted.length / ((end - start) / 1000),
    responses: sorted.length,
    p50: at(0.5),
    p99: at(0.99),
    statuses,
    errors,
  };
}

process.on('message', async (load: Load) => process.send?.(await run(load)));

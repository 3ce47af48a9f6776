import { pipeline } from 'node:stream/promises';
import { evaluateStream } from '../commands/evaluate/evaluate.ts';
import { readLines } from '../lib/lines.ts';
import type { Invocation } from './invocation.ts';

/** Answers each line of standard input with a decision on standard output. */
export async function runEvaluate(io: Invocation): Promise<void> {
  const lines = readLines(io.stdin.setEncoding('utf8'));
  await pipeline(async function* () {
    for await (const answer of evaluateStream(lines)) yield `${answer}\n`;
  }, io.stdout);
}

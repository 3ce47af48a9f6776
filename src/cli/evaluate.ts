import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { evaluateStream, readLines } from '../index.ts';
import type { Invocation } from './invocation.ts';

export function addEvaluate(program: Command, io: Invocation): void {
  program
    .command('evaluate')
    .description(
      'decide questions: one JSON object a line on standard input, one decision a line on standard output',
    )
    .option('--config <file>', 'taken for the sake of scripts; a line brings its own policies')
    .action(async () => {
      const lines = readLines(io.stdin.setEncoding('utf8'));
      await pipeline(async function* () {
        for await (const answer of evaluateStream(lines)) yield `${answer}\n`;
      }, io.stdout);
    });
}

import { mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DecisionSink } from './decision-log.ts';
import type { DecisionRecord } from './decision-record.ts';

/**
 * A sink that appends one JSON object a line. Records that come while a write is under way go out together in the
 * next one, so that many requests share a write and lines never mix. `append` resolves when the line is in the file.
 *
 * @throws where the file cannot be opened for appending.
 */
export async function openJsonlSink(
  file: string,
  onProblem: (problem: string) => void,
): Promise<DecisionSink> {
  mkdirSync(dirname(file), { recursive: true });
  const handle = await open(file, 'a');
  await endTornLine(file, handle);
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;

  const writeBatch = async (): Promise<void> => {
    const batch = waiting.join('');
    waiting = [];
    try {
      await handle.appendFile(batch);
    } catch (cause) {
      onProblem(`Decisions could not be written to ${file}: ${String(cause)}`);
    }
  };

  return {
    async append(record: DecisionRecord): Promise<void> {
      waiting.push(`${JSON.stringify(record)}\n`);
      // One batch is under way at the most; this record is in the one after it.
      while (writing) await writing;
      if (waiting.length === 0) return;
      writing = writeBatch().finally(() => {
        writing = undefined;
      });
      await writing;
    },
    async close(): Promise<void> {
      while (writing) await writing;
      await handle.close();
    },
  };
}

/** A line that a killed process left half written is ended, so that the next record starts on a line of its own. */
async function endTornLine(file: string, handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  if (size === 0) return;
  const reader = await open(file, 'r');
  try {
    const { buffer } = await reader.read(Buffer.alloc(1), 0, 1, size - 1);
    if (buffer[0] !== 0x0a) await handle.appendFile('\n');
  } finally {
    await reader.close();
  }
}

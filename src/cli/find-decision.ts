import type { DecisionRecord } from '../records/decision-record.ts';
import { CommandError, EXIT } from './exit.ts';

/** A record by its whole ID, or by the beginning of it that no other has. @throws CommandError if there is none */
export function findDecision(records: readonly DecisionRecord[], id: string): DecisionRecord {
  const exact = records.findLast((record) => record.id === id);
  const [found, ...more] = exact ? [exact] : records.filter((record) => record.id.startsWith(id));
  if (found === undefined) throw new CommandError(EXIT.usage, `there is no decision ${id}`);
  if (more.length > 0)
    throw new CommandError(
      EXIT.usage,
      `${more.length + 1} decision IDs begin with ${id}: the prefix is ambiguous; use more characters`,
    );
  return found;
}

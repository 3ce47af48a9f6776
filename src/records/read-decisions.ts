import { createReadStream, existsSync } from 'node:fs';
import { z } from 'zod';
import type { Fault } from '../lib/errors.ts';
import { readLines } from '../lib/lines.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { DecisionRecord } from './decision-record.ts';

/** What was read of decision logs. */
export interface RecordedDecisions {
  /** In the order of the files and their lines. */
  readonly records: readonly DecisionRecord[];
  /** Lines that a killed process left half written (rule `torn-line`): their requests were never answered. */
  readonly warnings: readonly Fault[];
}

/**
 * The decision records of log files, JSON lines in either format, one file after the other; a record that is there twice, by its id,
 * is given once. A line that was left half written is passed
 * over with a warning; any other line that is no record is an error that names its file and line.
 * @param files as people name them: faults say the same
 */
export async function readDecisions(
  files: readonly string[],
): Promise<Result<RecordedDecisions, readonly Fault[]>> {
  const reader = new DecisionReader();
  for (const file of files) await reader.read(file);
  const { records, faults } = reader;
  const errors = faults.filter(({ severity }) => severity === 'error');
  return errors.length > 0 ? err(errors) : ok({ records, warnings: faults });
}

/** A log and what was set aside of it, the oldest first: what `readDecisions` takes for the whole of it. */
export function logFiles(file: string): readonly string[] {
  const aside: string[] = [];
  for (let age = 1; existsSync(`${file}.${age}`); age += 1) aside.unshift(`${file}.${age}`);
  return existsSync(file) || aside.length === 0 ? [...aside, file] : aside;
}

class DecisionReader {
  readonly records: DecisionRecord[] = [];
  readonly faults: Fault[] = [];
  readonly #ids = new Set<string>();

  async read(file: string): Promise<void> {
    try {
      let line = 0;
      for await (const text of readLines(createReadStream(file, 'utf8'))) {
        line += 1;
        if (text.trim() !== '') this.#add(text, file, line);
      }
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const reason = REASONS[code ?? ''] ?? message;
      this.faults.push({ severity: 'error', rule: 'unreadable', message: reason, file });
    }
  }

  /** A decision that is in several files, as in a log and a copy of it, or in both formats, was made once. */
  #keep(record: DecisionRecord): void {
    if (this.#ids.has(record.id)) return;
    this.#ids.add(record.id);
    this.records.push(record);
  }

  #add(text: string, file: string, line: number): void {
    const found = readRecord(text);
    if (found.ok) this.#keep(found.value);
    else this.faults.push({ ...found.error, file, line });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder',
};

function readRecord(text: string): Result<DecisionRecord, Fault> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const message = 'the line is half written, as a killed process leaves it; it is passed over';
    return /^\{"(?:id|eventVersion)":/.test(text)
      ? err({ severity: 'warning', rule: 'torn-line', message })
      : err(notARecord('it is not JSON'));
  }
  const checked = RECORD.safeParse(inCloudTrail(value) ?? value);
  if (checked.success) return ok(checked.data as DecisionRecord);
  const [issue] = checked.error.issues;
  const member = issue?.path.join('.');
  return err(notARecord(member ? `${member}: ${issue?.message}` : (issue?.message ?? '')));
}

/** The decision that a line of a CloudTrail log holds. */
function inCloudTrail(value: unknown): unknown {
  const event = CLOUDTRAIL.safeParse(value);
  return event.success ? event.data.additionalEventData.decision : undefined;
}

const CLOUDTRAIL = z.looseObject({
  eventVersion: z.string(),
  additionalEventData: z.looseObject({ decision: z.unknown() }),
});

const notARecord = (reason: string): Fault => ({
  severity: 'error',
  rule: 'not-a-record',
  message: `this line is no decision record: ${reason}`,
});

const statement = z.looseObject({ policy: z.string(), statement: z.int().min(0) });

const check = z.looseObject({
  action: z.string(),
  resource: z.string(),
  decision: z.enum(['allowed', 'explicitDeny', 'implicitDeny']),
  layer: z.enum([
    'identity',
    'resourcePolicy',
    'permissionsBoundary',
    'session',
    'serviceControl',
    'resourceControl',
  ]),
  determining: z.array(statement),
  context: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
});

/** What a record must have; members that a later release adds are kept. */
const RECORD = z.looseObject({
  id: z.string(),
  time: z.iso.datetime(),
  mode: z.enum(['enforce', 'audit']),
  outcome: z.enum(['forwarded', 'denied', 'rejected', 'answered', 'audited']),
  principal: z
    .looseObject({
      type: z.enum(['User', 'AssumedRole', 'FederatedUser', 'Root']),
      arn: z.string(),
      accountId: z.string(),
    })
    .optional(),
  session: z
    .looseObject({
      holder: z.string(),
      issuedAt: z.string(),
      policies: z.looseObject({ inline: z.string().optional(), arns: z.array(z.string()) }).optional(),
    })
    .optional(),
  request: z.looseObject({ id: z.string(), sourceIp: z.string() }),
  checks: z.array(check),
  undocumented: z.array(check),
  error: z.looseObject({ code: z.string(), status: z.int(), message: z.string() }).optional(),
  durationMicros: z.number(),
});

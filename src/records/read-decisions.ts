import { createReadStream, existsSync } from 'node:fs';
import { z } from 'zod';
import type { Diagnostic } from '../lib/errors.ts';
import { accountId, arnOf } from '../lib/identifiers.ts';
import { readLines } from '../lib/lines.ts';
import { parseJson } from '../lib/parse-json.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { inputShapeOf, modelSpelling } from './cloudtrail-parameters.ts';
import type { DecisionRecord } from './decision-record.ts';

/** The decisions read from log files. */
export interface RecordedDecisions {
  /** In the order of the files and their lines. */
  readonly records: readonly DecisionRecord[];
  /** Incomplete lines of a killed process (rule `torn-line`): no response was sent for their requests. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads the decision records of log files, JSON lines in either format, in the order of the files; a record that
 * occurs several times, by ID, is returned once. An incomplete line is skipped with a warning; any other line that is
 * not a record is an error with its file and line.
 * @param files paths to display in messages
 */
export async function readDecisions(
  files: readonly string[],
): Promise<Result<RecordedDecisions, readonly Diagnostic[]>> {
  const reader = new DecisionReader();
  for (const file of files) await reader.read(file);
  const { records, diagnostics } = reader;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length > 0 ? err(errors) : ok({ records, warnings: diagnostics });
}

/** A log file and its rotated files, oldest first: the input of `readDecisions` for the complete log. */
export function logFiles(file: string): readonly string[] {
  const aside: string[] = [];
  for (let age = 1; existsSync(`${file}.${age}`); age += 1) aside.unshift(`${file}.${age}`);
  return existsSync(file) || aside.length === 0 ? [...aside, file] : aside;
}

class DecisionReader {
  readonly records: DecisionRecord[] = [];
  readonly diagnostics: Diagnostic[] = [];
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
      this.diagnostics.push({ severity: 'error', rule: 'unreadable', message: reason, file });
    }
  }

  /** A decision that occurs in several files, as in a log and a copy of it, or in both formats, counts once. */
  #keep(record: DecisionRecord): void {
    if (this.#ids.has(record.id)) return;
    this.#ids.add(record.id);
    this.records.push(record);
  }

  #add(text: string, file: string, line: number): void {
    const found = readRecord(text);
    if (found.ok) this.#keep(found.value);
    else this.diagnostics.push({ ...found.error, file, line });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

function readRecord(text: string): Result<DecisionRecord, Diagnostic> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    const message = 'incomplete line, probably of a killed process; skipped';
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

/** The decision in a line of a CloudTrail log, with the input that is in its `requestParameters`. */
function inCloudTrail(value: unknown): unknown {
  const event = CLOUDTRAIL.safeParse(value);
  if (!event.success) return undefined;
  const { requestParameters, additionalEventData } = event.data;
  const { decision } = additionalEventData;
  const { request } = decision;
  if (requestParameters == null || request === undefined || request.parameters !== undefined) return decision;
  const shape = inputShapeOf(request.service, request.operation);
  return { ...decision, request: { ...request, parameters: modelSpelling(requestParameters, shape) } };
}

const CLOUDTRAIL = z.looseObject({
  eventVersion: z.string(),
  requestParameters: z.record(z.string(), z.unknown()).nullish(),
  additionalEventData: z.looseObject({
    decision: z.looseObject({
      request: z.looseObject({ service: z.string().optional(), operation: z.string().optional() }).optional(),
    }),
  }),
});

const notARecord = (reason: string): Diagnostic => ({
  severity: 'error',
  rule: 'not-a-record',
  message: `this line is not a decision record: ${reason}`,
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

/** The required members of a record; unknown members of later releases are kept. */
const RECORD = z.looseObject({
  id: z.string(),
  time: z.iso.datetime(),
  mode: z.enum(['enforce', 'audit']),
  outcome: z.enum(['forwarded', 'denied', 'rejected', 'answered', 'audited']),
  principal: z
    .looseObject({
      type: z.enum(['User', 'AssumedRole', 'FederatedUser', 'Root']),
      arn: z.string().transform(arnOf),
      accountId: z.string().transform(accountId),
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

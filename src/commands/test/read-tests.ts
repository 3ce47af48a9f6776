import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import type { ContextValue } from '../../engine/request.ts';
import { parseDate } from '../../lib/date-text.ts';
import { type DocumentNode, duplicateKeys, positionOf, toValue } from '../../lib/document.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { didYouMean } from '../../lib/nearest.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { byPlace, checkSchema, pathDiagnostic, placesIn } from '../../lib/schema-diagnostics.ts';
import { readYaml } from '../../lib/yaml-position.ts';
import { operationNamed, operationNames, unknownMembers } from '../simulate/call-checks.ts';
import { actionDiagnostic, questionDiagnostics } from '../simulate/question-diagnostics.ts';
import { type ExpandedRow, expandRows } from './expand.ts';
import type { Expected, PolicyTest } from './policy-test.ts';
import { type ProofTest, readProofs } from './read-proofs.ts';
import { policyTestSchema, type TestRow } from './schema.ts';

export interface ReadOptions {
  readonly directory: Directory;
  /** Whether names that no request has are taken all the same. */
  readonly allowUnknown?: boolean;
}

/** The tests and claims of a file. */
export interface ReadTests {
  readonly tests: readonly PolicyTest[];
  readonly proofs: readonly ProofTest[];
}

/** The tests of a file's text, or all its diagnostics at once, each with its place; names are those of the directory. */
export function readTests(
  text: string,
  file: string,
  options: ReadOptions,
): Result<ReadTests, readonly Diagnostic[]> {
  const document = readYaml(text, file);
  if (!document.ok) return document;
  const twice = duplicateKeys(document.value, file);
  if (twice.length > 0) return err(twice);
  const checked = checkSchema(policyTestSchema, toValue(document.value), placesIn(document.value, file));
  if (!checked.ok) return checked;
  const readers = expandRows(checked.value).map((row) => new RowReader(row, document.value, file, options));
  const tests = readers.flatMap((reader) => reader.read());
  const proofs = readProofs(checked.value.prove ?? [], document.value, file, options.directory);
  const found = [...readers.flatMap((reader) => reader.diagnostics), ...proofs.diagnostics];
  const diagnostics = once(found).toSorted(byPlace);
  return diagnostics.length > 0 ? err(diagnostics) : ok({ tests, proofs: proofs.tests });
}

/** What a test hands down to its rows is wrong once. */
const once = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => [
  ...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values(),
];

class RowReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #row: ExpandedRow;
  readonly #document: DocumentNode;
  readonly #file: string;
  readonly #directory: Directory;
  readonly #allowUnknown: boolean;

  constructor(
    row: ExpandedRow,
    document: DocumentNode,
    file: string,
    { directory, allowUnknown = false }: ReadOptions,
  ) {
    this.#row = row;
    this.#document = document;
    this.#file = file;
    this.#directory = directory;
    this.#allowUnknown = allowUnknown;
  }

  /** A test for each principal and each thing that is asked; the diagnostics are collected. */
  read(): readonly PolicyTest[] {
    const { name, values, path } = this.#row;
    const principals = this.#principals();
    const asked = this.#asked();
    const expected = this.#expected(asked.some(({ kind }) => kind === 'call'));
    const context = this.#context();
    if (expected === undefined || this.diagnostics.length > 0) return [];
    const base = {
      name,
      file: this.#file,
      ...positionOf(this.#document, path),
      context,
      ...(values.clock !== undefined && { clock: parseDate(values.clock) ?? 0 }),
      expected,
    };
    return principals.flatMap((principal) => asked.map((each) => ({ ...base, ...principal, asked: each })));
  }

  #principals(): readonly Pick<PolicyTest, 'principal' | 'caller'>[] {
    const { principal, principals = principal === undefined ? [] : [principal] } = this.#row.values;
    if (principals.length === 0)
      this.#diagnostic('principal', 'missing-key', 'no principal is named: who asks?');
    return principals.flatMap((each) => {
      const caller = findCaller(this.#directory, each);
      if (caller.ok) return [{ principal: each, caller: caller.value }];
      this.#diagnostic(
        principal === undefined ? 'principals' : 'principal',
        'unknown-principal',
        caller.error,
      );
      return [];
    });
  }

  #asked(): readonly PolicyTest['asked'][] {
    const { action, actions, call, input, resource, resources } = this.#row.values;
    const wanted = [action, actions, call].filter((each) => each !== undefined);
    if (wanted.length !== 1) {
      const how = wanted.length === 0 ? 'nothing is asked' : 'several things are asked';
      this.#diagnostic('call', 'invalid-value', `${how}: give one of action, actions and call`);
      return [];
    }
    if (call !== undefined) {
      if (resource ?? resources) {
        const member = resource === undefined ? 'resources' : 'resource';
        this.#diagnostic(member, 'invalid-value', 'a call names its resources in its input');
      }
      return this.#call(call, input ?? {});
    }
    if (input) this.#diagnostic('input', 'invalid-value', 'only a call has an input');
    const named = actions ?? [action ?? ''];
    return named.flatMap((each) =>
      (resources ?? [resource ?? '*']).map((on) => {
        this.#checkQuestion({
          action: each,
          resource: on,
          context: Object.keys(this.#row.values.context ?? {}),
        });
        return { kind: 'action', action: each, resource: on } as const;
      }),
    );
  }

  #call(name: string, input: Readonly<Record<string, unknown>>): readonly PolicyTest['asked'][] {
    const operation = operationNamed(name);
    if (operation === undefined) {
      this.#diagnostic(
        'call',
        'unknown-operation',
        `there is no operation ${name}${didYouMean(name, operationNames())}`,
      );
      return [];
    }
    for (const { path, known } of unknownMembers(operation.input, input)) {
      const hint = didYouMean(String(path.at(-1)), known);
      this.#diagnostic('input', 'unknown-member', `${name} has no such member${hint}`, path);
    }
    return [{ kind: 'call', operation, input }];
  }

  #checkQuestion(asked: Parameters<typeof questionDiagnostics>[0]): void {
    if (this.#allowUnknown) return;
    const { actions, resources } = this.#row.values;
    const members = {
      principal: 'principal',
      action: actions ? 'actions' : 'action',
      resource: resources ? 'resources' : 'resource',
      context: 'context',
    } as const;
    for (const { part, key, rule, message } of questionDiagnostics(asked))
      this.#diagnostic(members[part], rule, message, key === undefined ? [] : [key]);
  }

  #expected(isCall: boolean): Expected | undefined {
    const { expect, layer, statement, because, refused } = this.#row.values;
    if (expect === undefined) {
      this.#diagnostic('expect', 'missing-key', 'expect is missing: allowed or denied?');
      return undefined;
    }
    if (because !== undefined && expect === 'allowed')
      this.#diagnostic('because', 'invalid-value', 'what is allowed has no message');
    if (refused !== undefined) {
      if (!isCall || expect === 'allowed')
        this.#diagnostic('refused', 'invalid-value', 'only of a call that is denied an action is refused');
      const unknown = this.#allowUnknown ? undefined : actionDiagnostic(refused);
      if (unknown !== undefined) this.#diagnostic('refused', 'unknown-action', unknown);
    }
    if (statement !== undefined) this.#checkStatement(statement);
    return {
      decision: expect,
      ...(layer && { layer }),
      ...(statement !== undefined && { statement }),
      ...(because !== undefined && { because }),
      ...(refused !== undefined && { refused }),
    };
  }

  /** A mistyped statement would be waited for in vain. */
  #checkStatement(statement: string): void {
    const [name = '', label] = statement.split('#');
    const policies = this.#directory.policies.map(({ policy }) => policy);
    const found = policies.find((policy) => policy.name === name);
    if (found === undefined) {
      const hint = didYouMean(
        name,
        policies.map((policy) => policy.name),
      );
      this.#diagnostic('statement', 'unknown-policy', `there is no policy "${name}"${hint}`);
      return;
    }
    const labels = found.policy.statements.flatMap(({ index, sid }) => [
      String(index),
      ...(sid ? [sid.text] : []),
    ]);
    if (label !== undefined && !labels.includes(label)) {
      const hint = didYouMean(label, labels);
      this.#diagnostic('statement', 'unknown-statement', `${name} has no statement ${label}${hint}`);
    }
  }

  #context(): Readonly<Record<string, ContextValue>> {
    const { context = {} } = this.#row.values;
    const seen = new Set<string>();
    for (const key of Object.keys(context)) {
      if (seen.has(key.toLowerCase()))
        this.#diagnostic(
          'context',
          'duplicate-key',
          `${key} is given twice: names of context keys ignore case`,
        );
      seen.add(key.toLowerCase());
    }
    return Object.fromEntries(
      Object.entries(context).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.map(String) : String(value),
      ]),
    );
  }

  #diagnostic(
    member: keyof TestRow,
    rule: string,
    message: string,
    inside: readonly (string | number)[] = [],
  ): void {
    const path = this.#row.pathOf(member);
    const at = path.at(-1) === member ? [...path, ...inside] : path;
    const part = inside.length > 0 ? 'key' : 'value';
    this.diagnostics.push(pathDiagnostic(at, rule, message, placesIn(this.#document, this.#file), part));
  }
}

import { faultAt } from '../lib/document.ts';
import type { Fault } from '../lib/errors.ts';
import type { Position } from './ast.ts';

/** Collects what is wrong with a document, so that a person reads all of it at once. */
export class Report {
  readonly errors: Fault[] = [];
  readonly warnings: Fault[] = [];
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** AWS refuses such a document. */
  error(rule: string, message: string, position: Position | undefined): void {
    this.errors.push(faultAt(rule, message, position, this.#file));
  }

  /** AWS accepts it, but it does not do what it says. */
  warning(rule: string, message: string, position: Position | undefined): void {
    this.warnings.push(faultAt(rule, message, position, this.#file, 'warning'));
  }

  /** Errors and warnings in the order of the text. */
  all(): readonly Fault[] {
    return [...this.errors, ...this.warnings].sort(
      (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
  }
}

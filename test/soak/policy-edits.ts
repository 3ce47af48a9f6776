import { closeSync, openSync, renameSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { teamPolicy } from './folder.ts';
import type { Random } from './random.ts';
import { Timeline } from './timeline.ts';

/** Between the two halves of an edit that truncates, in milliseconds: more than files must rest to be read. */
const HALF_WAY_MILLIS = 80;

type Edit = (path: string, text: string, version: string) => Promise<void> | void;

/** How editors, deployments and accidents write a file. */
const EDITS: Readonly<Record<'atomic' | 'truncating' | 'broken' | 'symlinked', Edit>> = {
  atomic: (path, text, version) => {
    writeFileSync(`${path}.${version}.tmp`, text);
    renameSync(`${path}.${version}.tmp`, path);
  },
  truncating: async (path, text) => {
    const descriptor = openSync(path, 'w');
    try {
      writeSync(descriptor, text.slice(0, text.length / 2));
      await setTimeout(HALF_WAY_MILLIS);
      writeSync(descriptor, text.slice(text.length / 2));
    } finally {
      closeSync(descriptor);
    }
  },
  broken: (path, text) => writeFileSync(path, text.replace('"Effect"', '"Efect"')),
  symlinked: (path, text, version) => {
    const link = `${path}.${version}.tmp`;
    const target = join(path, '../../links', `${version}.json`);
    writeFileSync(target, text);
    symlinkSync(target, link);
    renameSync(link, path);
  },
};

/** The policy that is edited while requests are decided, and which of its versions may be in force. */
export class PolicyEdits {
  readonly documents = new Map<string, unknown>();
  readonly inForce = new Timeline<string>();
  readonly #path: string;
  readonly #random: Random;
  readonly #loaded = new Map<string, () => void>();
  count = 0;

  constructor(folder: string, random: Random) {
    this.#path = join(folder, 'policies/team.json');
    this.#random = random;
    this.#next();
  }

  get first(): unknown {
    return this.documents.get('v1');
  }

  /** The proxy says that a version is in force. */
  confirm(version: string): void {
    this.inForce.confirm(version);
    this.#loaded.get(version)?.();
  }

  /** Writes the next version in one of the ways. */
  async editOnce(): Promise<void> {
    const kind = this.#random.pick(Object.keys(EDITS) as (keyof typeof EDITS)[]);
    const version = this.#next();
    const text = JSON.stringify(this.documents.get(version), undefined, 2);
    await EDITS[kind](this.#path, text, version);
    // A broken document is refused, and whatever was in force stays.
    if (kind === 'broken') this.inForce.end(version);
  }

  /** Writes a good version. @returns once it is in force @throws where it is not in time */
  async settle(maxMillis: number): Promise<void> {
    const version = this.#next();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#loaded.set(version, resolve);
    EDITS.atomic(this.#path, JSON.stringify(this.documents.get(version)), version);
    const late = setTimeout(maxMillis, 'late', { ref: false });
    if ((await Promise.race([promise, late])) === 'late')
      throw new Error(`the edit ${version} was not in force after ${maxMillis} ms`);
    this.#loaded.delete(version);
  }

  #next(): string {
    this.count += 1;
    const version = `v${this.count}`;
    this.documents.set(version, teamPolicy(version, this.#random));
    this.inForce.begin(version);
    return version;
  }
}

/** Runs in the worker before the tests: the switch that instrumented sources ask which mutant is active. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll } from 'vitest';
import { SWITCH } from './mutate.ts';

/** A mutant evaluated this often is in an endless loop. */
const ENDLESS = 2_000_000;

const folder = process.env.MUTANTS_FOLDER ?? '';
const active = Number(readFileSync(`${folder}/active`, 'utf8'));
const reached = new Set<number>(JSON.parse(readFileSync(`${folder}/reached.json`, 'utf8')));
let asked = 0;

Reflect.set(globalThis, SWITCH, (id: number): boolean => {
  reached.add(id);
  if (id !== active) return false;
  asked += 1;
  if (asked > ENDLESS) throw new Error(`mutant ${id} does not end`);
  return true;
});

afterAll(() => writeFileSync(`${folder}/reached.json`, JSON.stringify([...reached])));

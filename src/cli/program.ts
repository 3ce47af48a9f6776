import { Command } from 'commander';
import { addCoverage } from './coverage.ts';
import { addEnv } from './env.ts';
import { addEvaluate } from './evaluate.ts';
import { addExplain } from './explain.ts';
import { addGenerate } from './generate.ts';
import { addHealthcheck } from './healthcheck.ts';
import { addImport } from './import.ts';
import { addInit } from './init.ts';
import type { Invocation } from './invocation.ts';
import { addLint } from './lint.ts';
import { addMfaCode } from './mfa-code.ts';
import { addProve } from './prove.ts';
import { addReplay } from './replay.ts';
import { addRun } from './run.ts';
import { addServe } from './serve.ts';
import { addSimulate } from './simulate.ts';
import { addTest } from './test.ts';
import { addTighten } from './tighten.ts';

const COMMANDS = [
  addServe,
  addRun,
  addEnv,
  addMfaCode,
  addEvaluate,
  addSimulate,
  addExplain,
  addTest,
  addCoverage,
  addReplay,
  addProve,
  addGenerate,
  addTighten,
  addLint,
  addImport,
  addInit,
  addHealthcheck,
] as const;

/** Columns of help that no terminal shows. */
const HELP_WIDTH = 80;

/** The command line; `version` is the package's. */
export function createProgram(version: string, io: Invocation): Command {
  const program = new Command('personalize-authz-proxy')
    .description('Test offline what your AWS roles may do with Amazon Personalize.')
    .version(version)
    .showHelpAfterError('(--help tells what there is)')
    // `run` hands on what follows its command.
    .enablePositionalOptions()
    // Commands throw instead of exiting: one place maps what went wrong to an exit code.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => io.stdout.columns ?? HELP_WIDTH,
    });
  for (const add of COMMANDS) add(program, io);
  return program;
}

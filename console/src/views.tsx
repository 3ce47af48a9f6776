import type { FunctionComponent } from 'preact';
import { Decisions } from './decisions/decisions.tsx';
import { lazy } from './lazy.tsx';

interface View {
  readonly name: string;
  readonly title: string;
  /** After `g`. */
  readonly key: string;
  readonly Component: FunctionComponent;
}

export const VIEWS: readonly View[] = [
  { name: 'decisions', title: 'Decisions', key: 'd', Component: Decisions },
  {
    name: 'coverage',
    title: 'Coverage',
    key: 'c',
    Component: lazy(async () => (await import('./coverage/coverage.tsx')).CoverageView),
  },
  {
    name: 'simulate',
    title: 'Simulate',
    key: 's',
    Component: lazy(async () => (await import('./simulate/simulate.tsx')).Simulate),
  },
  {
    name: 'generate',
    title: 'Generate',
    key: 'g',
    Component: lazy(async () => (await import('./views/generate.tsx')).Generate),
  },
  {
    name: 'replay',
    title: 'Replay',
    key: 'r',
    Component: lazy(async () => (await import('./views/replay.tsx')).Replay),
  },
  {
    name: 'principals',
    title: 'Principals',
    key: 'p',
    Component: lazy(async () => (await import('./principals/principals.tsx')).PrincipalsView),
  },
  {
    name: 'stub',
    title: 'Stub',
    key: 't',
    Component: lazy(async () => (await import('./views/stub.tsx')).Stub),
  },
];

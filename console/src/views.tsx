import type { FunctionComponent } from 'preact';
import { Decisions } from './decisions/decisions.tsx';

interface View {
  readonly name: string;
  readonly title: string;
  /** After `g`. */
  readonly key: string;
  readonly Component: FunctionComponent;
}

export const VIEWS: readonly View[] = [
  { name: 'decisions', title: 'Decisions', key: 'd', Component: Decisions },
];

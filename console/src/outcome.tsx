import { Icon, type IconName } from './icons.tsx';
import type { DecisionName, OutcomeName } from './types.ts';

interface Look {
  readonly word: string;
  readonly icon: IconName;
  /** The class that gives it its color. */
  readonly tone: string;
}

export const OUTCOMES: Readonly<Record<OutcomeName, Look>> = {
  forwarded: { word: 'Allowed', icon: 'check', tone: 'allowed' },
  answered: { word: 'Answered', icon: 'reply', tone: 'answered' },
  denied: { word: 'Denied', icon: 'ban', tone: 'denied' },
  audited: { word: 'Audited', icon: 'eye', tone: 'audited' },
  rejected: { word: 'Rejected', icon: 'key', tone: 'rejected' },
};

export const DECISIONS: Readonly<Record<DecisionName, Look>> = {
  allowed: { word: 'Allowed', icon: 'check', tone: 'allowed' },
  explicitDeny: { word: 'Explicitly denied', icon: 'ban', tone: 'denied' },
  implicitDeny: { word: 'Not allowed', icon: 'ban', tone: 'denied' },
};

export const LAYERS: Readonly<Record<string, string>> = {
  deny: 'explicit deny',
  serviceControl: 'service control policy',
  resourceControl: 'resource control policy',
  resourcePolicy: 'resource policy',
  identity: 'identity policy',
  permissionsBoundary: 'permissions boundary',
  session: 'session policy',
};

/** An icon, a word and a color: never a color alone. */
export const Badge = ({ word, icon, tone }: Look) => (
  <span class={`badge ${tone}`}>
    <Icon name={icon} />
    {word}
  </span>
);

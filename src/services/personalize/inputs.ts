import type { PersonalizeInputs } from './generated/personalize.ts';
import type { PersonalizeEventsInputs } from './generated/personalize-events.ts';
import type { PersonalizeRuntimeInputs } from './generated/personalize-runtime.ts';

/** The input of each operation of the three Personalize services, decoded and valid; no name is in two of them. */
export type OperationInputs = PersonalizeInputs & PersonalizeEventsInputs & PersonalizeRuntimeInputs;

export type OperationName = keyof OperationInputs;

/** What a request names its tags by. */
export type TagEntry = OperationInputs['TagResource']['tags'][number];

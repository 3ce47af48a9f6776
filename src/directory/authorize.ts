import { decide } from '../engine/decide.ts';
import type { Decision } from '../engine/decision.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import type { Caller } from './caller.ts';
import type { Directory } from './directory.ts';
import { policiesFor } from './policies-for.ts';

/** Decides a caller's request by the policies of the caller and of the resource. */
export const authorize = (
  request: AuthorizationRequest,
  caller: Pick<Caller, 'policies' | 'policySet'>,
  directory: Directory,
): Decision => decide(request, policiesFor(request, caller, directory));

import { iamActions } from '../../model/iam-actions.ts';
import type { Output } from './call.ts';
import { type Simulated, type Simulation, simulateOne } from './simulation.ts';

/**
 * The result of one action on all resources: a result for each resource where resources are given, and one for all of
 * them, which is the worst.
 */
export function evaluationResult(
  simulation: Simulation,
  action: string,
  resources: readonly string[],
): Output {
  const each = (resources.length > 0 ? resources : ['*']).map((resource) => ({
    resource,
    simulated: simulateOne(simulation, action, resource),
  }));
  const [first, ...others] = each;
  // `*` alone is what ResourceArns is by default.
  const explicit = resources.length > 0 && resources[0] !== '*';
  const decision = worstOf(each.map(({ simulated }) => simulated.decision));
  const deciding = each.map(({ simulated }) => simulated).filter((it) => it.decision === decision);
  const simulated = each.map((it) => it.simulated);
  return {
    EvalActionName: action,
    EvalResourceName: first && others.length === 0 ? first.resource : templateOf(action),
    EvalDecision: decision,
    MatchedStatements: distinct(deciding.flatMap(({ matched }) => matched)),
    MissingContextValues: [...new Set(simulated.flatMap(({ missing }) => missing))].sort(),
    ...organizationDetail(simulated),
    ...boundaryDetail(simulated),
    ...(explicit && {
      EvalDecisionDetails: others.length === 0 ? first?.simulated.details : {},
      ResourceSpecificResults: each.map(specificResult),
    }),
  };
}

const specificResult = ({
  resource,
  simulated,
}: {
  readonly resource: string;
  readonly simulated: Simulated;
}): Output => ({
  EvalResourceName: resource,
  EvalResourceDecision: simulated.decision,
  MatchedStatements: simulated.matched,
  MissingContextValues: simulated.missing,
  EvalDecisionDetails: simulated.details,
  ...boundaryDetail([simulated]),
});

const WORST_FIRST = ['explicitDeny', 'implicitDeny', 'allowed'] as const;

const worstOf = (decisions: readonly Simulated['decision'][]): Simulated['decision'] =>
  WORST_FIRST.find((decision) => decisions.includes(decision)) ?? 'implicitDeny';

/** Several resources are named together by what the action works on: `arn:${Partition}:personalize:…`. */
function templateOf(action: string): string {
  const [service = '', name = ''] = action.split(':');
  return iamActions().describe(service, name)?.resourceArns[0] ?? '*';
}

function organizationDetail(simulated: readonly Simulated[]): Output {
  if (simulated.every(({ organizationAllows }) => organizationAllows === undefined)) return {};
  const AllowedByOrganizations = simulated.every(({ organizationAllows }) => organizationAllows);
  return { OrganizationsDecisionDetail: { AllowedByOrganizations } };
}

function boundaryDetail(simulated: readonly Simulated[]): Output {
  if (simulated.every(({ boundaryAllows }) => boundaryAllows === undefined)) return {};
  const AllowedByPermissionsBoundary = simulated.every(({ boundaryAllows }) => boundaryAllows);
  return { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary } };
}

/** The same statement may decide on several resources. */
const distinct = (statements: readonly Output[]): readonly Output[] => [
  ...new Map(statements.map((statement) => [JSON.stringify(statement), statement])).values(),
];

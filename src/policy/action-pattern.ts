/**
 * Why AWS rejects an action pattern (`personalize:Get*`, `*`), or `undefined`. Does not check whether the action
 * exists: AWS saves a policy that names an unknown action.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function actionDiagnostic(text: string): string | undefined {
  if (text === '*') return undefined;
  const [service = '', name, ...more] = text.split(':');
  if (name === undefined)
    return `the action "${text}" has no service prefix, as in personalize:GetRecommendations`;
  if (more.length > 0) return `the action "${text}" has more than one colon`;
  if (service !== '*' && !/^[A-Za-z0-9.-]+$/.test(service))
    return `invalid service prefix "${service}" in the action: only letters, digits, "-" and "." are allowed, no wildcards`;
  if (name.trim() === '') return `the action "${text}" has no name after the colon`;
  return undefined;
}

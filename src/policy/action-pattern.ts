/**
 * What AWS finds wrong with an action pattern (`personalize:Get*`, `*`), or `undefined`. Whether the action exists is
 * not asked: AWS saves a policy that names an unknown one.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function actionFault(text: string): string | undefined {
  if (text === '*') return undefined;
  const [service = '', name, ...more] = text.split(':');
  if (name === undefined)
    return `the action "${text}" has no service prefix, as in personalize:GetRecommendations`;
  if (more.length > 0) return `the action "${text}" has more than one colon`;
  if (service !== '*' && !/^[A-Za-z0-9.-]+$/.test(service))
    return `the service prefix "${service}" of the action is not valid: it takes no wildcards, only letters, digits, "-" and "."`;
  if (name.trim() === '') return `the action "${text}" names no operation after the colon`;
  return undefined;
}

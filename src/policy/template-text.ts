/**
 * What a template leaves behind where nothing resolved it: CloudFormation's `${AWS::Region}` and `${Bucket}`, Terraform's
 * `${var.bucket}`, `{{bucket}}`, `<bucket>`. A policy variable has a colon in its name, or is one of three escapes.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const TEMPLATE_TEXT =
  /\$\{\s*(?:AWS::|![\w.:]|(?:self|env|ssm|cf|file|opt):|[A-Za-z_][\w.[\]-]*\s*\})|\{\{|\}\}|<[\w .-]+>|%\{/;

export const isTemplateText = (text: string): boolean => TEMPLATE_TEXT.test(text);

/**
 * `$(NAME)` in commands and environment variables.
 *
 * @module
 */

/**
 * Replaces `$(NAME)` by the variable's value, as Kubernetes does in `command`, `args` and `env`
 * (Container.command of core/v1): `$$` stands for `$`, so `$$(NAME)` stays `$(NAME)`; an unknown `$(NAME)` and a `$`
 * before anything else stay as they are.
 */
export function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$(?:\$|\(([^)]*)\))/gu, (whole, name?: string) => {
    if (name === undefined) return "$";
    return variables.get(name) ?? whole;
  });
}

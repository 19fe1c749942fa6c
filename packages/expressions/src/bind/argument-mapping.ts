import type { Parameter } from './members.ts';
import type { BoundArgument, Failure, Group } from './overloads.ts';

export const countOf = (group: Pick<Group, 'receiverIsFirst'>, args: readonly unknown[]) =>
  args.length - (group.receiverIsFirst ? 1 : 0);

/** C# specification, "Corresponding parameters". */
export function mapArguments(
  group: Pick<Group, 'name' | 'at' | 'receiverIsFirst'>,
  parameters: readonly Parameter[],
  args: readonly BoundArgument[],
  expanded: boolean,
): { taken: number[][]; parameterOf: number[] } | { failure: Failure } {
  const taken: number[][] = parameters.map(() => []);
  const parameterOf: number[] = [];
  const tooMany = {
    failure: {
      code: 'CS1501',
      message: `No overload for method '${group.name}' takes ${countOf(group, args)} arguments`,
      at: group.at,
      rank: 0,
    },
  };
  for (const [index, arg] of args.entries()) {
    let p = index;
    if (arg.name) {
      const { text } = arg.name;
      p = parameters.findIndex((parameter) => parameter.name === text);
      if (p < 0) {
        return {
          failure: {
            code: 'CS1739',
            message: `The best overload for '${group.name}' does not have a parameter named '${text}'`,
            at: arg.name,
            rank: 1,
          },
        };
      }
    } else if (expanded && p >= parameters.length - 1) p = parameters.length - 1;
    const list = taken[p];
    if (!list) return tooMany;
    const isParams = expanded && parameters[p]?.isParams;
    if (list.length > 0 && !isParams) {
      return {
        failure: {
          code: 'CS1744',
          message: `Named argument '${arg.name?.text}' specifies a parameter for which a positional argument has already been given`,
          at: arg,
          rank: 1,
        },
      };
    }
    list.push(index);
    parameterOf.push(p);
  }
  for (const [p, parameter] of parameters.entries()) {
    if ((taken[p]?.length ?? 0) > 0 || parameter.defaultValue || (expanded && parameter.isParams)) continue;
    return {
      failure: {
        code: 'CS7036',
        message: `There is no argument given that corresponds to the required parameter '${parameter.name}' of '${group.name}'`,
        at: group.at,
        rank: 1,
      },
    };
  }
  return { taken, parameterOf };
}

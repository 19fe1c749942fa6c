import { declareType, type TypeDeclaration } from '../declare.ts';
import { aggregateMembers } from './aggregate.ts';
import { collectMembers } from './collect.ts';
import { elementMembers } from './element.ts';
import { filterMembers } from './filter.ts';
import { linqInterfaces } from './interfaces.ts';
import { orderAndGroupMembers } from './order-and-group.ts';
import { projectMembers } from './project.ts';
import { setMembers } from './sets.ts';

/** Namespace System.Linq. */
export const linqTypes: readonly TypeDeclaration[] = [
  ...linqInterfaces,
  declareType({
    name: 'System.Linq.Enumerable',
    kind: 'static',
    members: {
      ...filterMembers,
      ...projectMembers,
      ...setMembers,
      ...orderAndGroupMembers,
      ...elementMembers,
      ...aggregateMembers,
      ...collectMembers,
    },
  }),
];

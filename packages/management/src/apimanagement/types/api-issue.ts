import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A problem that a developer reported about an API. */
export const apiIssue = apiManagementType('apis/issues', {
  name: identifier,
  body: {
    properties: object(
      {
        title: string({ required: true }),
        description: string({ required: true }),
        userId: string({ required: true }),
        createdDate: string(),
        state: string({ values: ['proposed', 'open', 'removed', 'resolved', 'closed'], default: 'proposed' }),
        apiId: string(),
      },
      { required: true },
    ),
  },
});

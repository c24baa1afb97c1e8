import { Type } from '@sinclair/typebox';

const ErrorBody = Type.Object({
  code: Type.String({ description: 'Stable, for a program.' }),
  message: Type.String({ description: 'For a developer.' }),
});

/** The answers that any route may give. */
export const errorReplies = { '4xx': ErrorBody, '5xx': ErrorBody };

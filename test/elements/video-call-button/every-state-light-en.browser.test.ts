import { isAccessibleInEveryState } from './every-state.ts';

isAccessibleInEveryState('light', 'en');

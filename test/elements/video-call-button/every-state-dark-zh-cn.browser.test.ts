import { isAccessibleInEveryState } from './every-state.ts';

isAccessibleInEveryState('dark', 'zh-CN');

/** How the calls of a skill group are routed. The schema is a part of the REST interface. */
export { RoutingRules } from '../../protocol/rest/routing-rules.ts';

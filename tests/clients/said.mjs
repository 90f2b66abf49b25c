// What each client asks, and how it tells what it got.
export const QUERY = '{ project(key: "connection") { acronym } }';
export const INVALID = "{ nothing }";
export const FOLLOW =
  'subscription { projectChanged(key: "connection") { previousRevision project { acronym } } }';

export function say(...words) {
  console.log(words.join(" "));
}

// How the search of the site ranks: a page that says how to do a thing comes before those that name it.
var Scorer = {
  score: ([name, , anchor, , score]) => score + (name.startsWith("howto/") && name !== "howto/index" && !anchor ? 20 : 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

import { pick, type Skill } from "./skill";

/** Who the agent is, what it can do, and what it is not. Comes before small talk. */
const answers: readonly (readonly [RegExp, readonly [string, ...string[]]])[] = [
  [
    /\bhow (?:do|can|could|would|should) (?:i|we|you)\b.*\b(?:connect|add|install|set up|use|get|configure|plug in)\b.*\b(?:model|brain|ollama|llm|ai|endpoint)\b|\b(?:connect|install|add|set up) (?:a|the|my|an)? ?(?:language model|llm|model|brain|ollama)\b/,
    [
      "Start Ollama or LM Studio on this computer with a chat model, and start me again. Or name any OpenAI compatible address in the settings.",
    ],
  ],
  [
    /\b(?:are|is) (?:you|this|there|that)\b.*\b(?:a |an )?(?:ai|a i|artificial intelligence|language model|llm|chat ?gpt|gpt|robot|bot|machine|human|person|real|alive|computer|program|claude|siri|alexa)\b|\b(?:which|what) (?:language )?model\b|\b(?:do you have|have you got) (?:a )?(?:language model|brain)\b|\bwhat are you\b/,
    [
      "I am a small built-in responder, a program with no language model behind it.",
      "I am only a program with a few built-in answers. No language model is connected.",
      "Not a person, and no language model either: I am Parley's built-in responder.",
    ],
  ],
  [
    /\bwho are you\b|\b(?:what is|tell me) your name\b|\bwhat (?:are you called|do (?:they|people) call you|should i call you)\b|\byour name\b|\bintroduce yourself\b|\btell me about yourself\b|\bwho is (?:this|that|there)\b|\bwho am i (?:talking|speaking) to\b|^are you parley$/,
    [
      "I am Parley, your partner for spoken conversation.",
      "My name is Parley. I listen, and I talk back.",
      "I am called Parley. It is a pleasure to talk with you.",
    ],
  ],
  [
    /\bwhat (?:can|could|do|are) you (?:do|able to do|know|good at|good for)\b|\bwhat (?:can|could|should|may) i (?:ask|say|do|talk)\b|\bhow can you help\b|^help(?: me)?$|\bwhat are your (?:abilities|skills|features)\b|\bwhat else can you do\b|\bcan you help me\b/,
    [
      "I can tell the time and the date, do sums, spell words, count, repeat after you, and tell a joke or a story.",
      "Ask me for the time, a sum, the spelling of a word, a joke or a story. For more, connect a language model.",
    ],
  ],
  [
    /\bwho (?:made|built|created|wrote|programmed|designed) you\b|\bwhere (?:do|did) you come from\b/,
    [
      "People who like to talk made me. I am part of Parley, an open program.",
      "I am part of Parley, a free program for spoken conversation.",
    ],
  ],
  [
    /\bwhere are you\b|\bwhere do you live\b/,
    ["I am right here, on this computer.", "I live on this computer, and what you say stays here."],
  ],
  [
    /\bhow old are you\b|\b(?:when is )?your (?:birthday|age)\b/,
    ["I was started a moment ago, so I feel quite young.", "I do not count years. Each conversation is new to me."],
  ],
  [
    /\b(?:are you|is (?:this|anyone|my voice)) (?:listening|recording|recorded)\b|\bdo you (?:record|store|keep|save)\b/,
    ["I listen while we talk, but nothing is kept unless you turn recording on."],
  ],
];

export const aboutSkill: Skill = ({ plain }, context) => {
  for (const [pattern, options] of answers) if (pattern.test(plain)) return pick(options, context);
  return undefined;
};

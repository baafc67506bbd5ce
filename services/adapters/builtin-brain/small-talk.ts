import { pick, type Skill, type SkillContext } from "./skill";

type SmallTalk = readonly [pattern: RegExp, options: readonly [string, ...string[]]];

/** Whole utterances only, so that what is asked behind a greeting is not taken for small talk. */
const exchanges: readonly SmallTalk[] = [
  [
    /^(?:i am |i feel |we are |doing |not )?(?:fine|good|great|well|very well|okay|not bad|too bad|happy|all right)(?: thanks| thank you)?(?: and you| how about you| what about you)?$/,
    ["I am glad to hear that.", "That is good to hear.", "Good. What shall we do?"],
  ],
  [
    /^(?:i am |i feel )?(?:very |so |really |a bit |a little )?(?:sad|tired|sick|ill|bored|lonely|angry|exhausted|stressed|unhappy|down)(?: today)?$/,
    [
      "I am sorry to hear that. Shall I tell you a joke?",
      "That is a pity. Perhaps a story would help; just ask for one.",
    ],
  ],
  [
    /\bhow (?:are you|is it going|do you do|are things|have you been|is your day|was your day|are you doing)\b|^what is (?:up|new|happening|going on)$|\bare you (?:okay|well|all right|happy)$/,
    ["I am well, thank you. And you?", "Very well, thanks for asking. How are you?", "Fine, as always. How about you?"],
  ],
  [
    /\b(?:thank you|thanks)\b|^(?:cheers|much appreciated|i appreciate it)$/,
    ["You are welcome.", "My pleasure.", "Glad to help.", "Not at all."],
  ],
  [
    /^(?:good ?bye|bye(?: bye)?|see you.*|so long|farewell|good night|take care|have a (?:good|nice|great) (?:day|evening|night|one|weekend)|talk to you later|i have to go|i am (?:leaving|off)|until next time|that is all(?: for (?:now|today))?)(?: now| then| for now| everyone)?$/,
    ["Goodbye. It was nice talking with you.", "See you soon.", "Bye, and take care.", "Until next time."],
  ],
  [
    /\bcan you (?:hear|understand|follow) me\b|^(?:hear me|understand me|is this (?:thing )?on|are you (?:there|listening|awake)|anybody there|anyone there|mic check|(?:test(?:ing)? ?)+(?:one two(?: three)?)?|one two(?: three)?)$/,
    ["Yes, I can hear you.", "I hear you loud and clear.", "Yes, I am here."],
  ],
  [
    /^(?:hello|hi|hey|hiya|howdy|greetings|welcome|good (?:morning|afternoon|evening|day)|yo|hallo)(?: (?:there|hello|hi|everyone|again|computer|friend|my friend|to you|you|good (?:morning|afternoon|evening)))*$/,
    ["Hello.", "Hi, nice to hear you.", "Hello, it is good to hear your voice.", "Hello there."],
  ],
  [
    /^(?:yes|yeah|yep|yup|sure|of course|certainly|absolutely|definitely|right|correct|exactly|i do|i am|go ahead|yes i do|yes it is|that is right|indeed)$/,
    ["Good. What would you like to hear?", "All right then. Go ahead.", "Fine. What comes next?"],
  ],
  [
    /^(?:no|nope|nah|not really|no way|i do not think so|not at all|no it is not|not now|no thanks)$/,
    ["All right.", "Okay, then not.", "Fine. Tell me when you need something."],
  ],
  [
    /^(?:okay|ok|alright|all right|i see|got it|understood|fine|good|great|cool|nice|wow|really|interesting|awesome|amazing|perfect|excellent|wonderful|hm+|mm+ ?hm+|uh ?huh|oh|ah)$/,
    ["I am listening.", "Go on, I am here.", "Yes. What else?", "Good. What next?"],
  ],
  [
    /^(?:maybe|perhaps|i do not know|i am not sure|no idea|who knows|it depends)$/,
    ["Take your time.", "That is fine. There is no hurry."],
  ],
  [
    /\b(?:i am )?(?:so )?sorry\b|\bmy apologies\b|^i apologi[sz]e$|^oops$/,
    ["No harm done.", "That is quite all right."],
  ],
  [
    /\byou are (?:so |very |really |quite |pretty )?(?:nice|great|good|smart|clever|funny|kind|awesome|amazing|cool|helpful|the best|sweet|wonderful|right)\b|^(?:well done|good job|nice work|good (?:boy|girl|bot)|i (?:like|love) (?:you|it|that|this)|that (?:is|was) (?:great|funny|good|nice|cool|awesome|very good))$/,
    ["Thank you, that is kind of you.", "How nice of you to say so."],
  ],
  [
    /\byou are (?:so |very |really |quite |pretty )?(?:stupid|dumb|bad|slow|useless|boring|wrong|annoying|an idiot|terrible|not (?:very )?(?:smart|helpful|good))\b|^(?:i hate you|you suck|that (?:is|was) (?:wrong|bad|not funny|terrible|stupid|boring|not right|incorrect))$/,
    [
      "I am sorry. I am only a small responder without a language model.",
      "I am sorry about that. A language model would do better than I can.",
    ],
  ],
  [/\b(?:sing|song)\b/, ["My voice is made for talking, not for singing. Shall I tell you a joke instead?"]],
  [
    /\b(?:weather|rain|raining|temperature|forecast|sunny|snow)\b/,
    [
      "I cannot look outside, so I do not know the weather.",
      "I have no window and no forecast, so I cannot say what the weather does.",
    ],
  ],
  [
    /\b(?:favou?rite|do you (?:like|love|prefer|enjoy|want|dream|sleep|eat|drink|feel))\b/,
    ["I have no likes of my own, but I enjoy being asked.", "That is nothing a small program knows. What about you?"],
  ],
  [/\bmeaning of life\b/, ["Forty-two, they say. But do check the sum."]],
  [
    /^(?:speak|talk|say something|talk to me|say anything|let us talk|i want to talk|start talking)(?: to me)?$/,
    [
      "With pleasure. Ask me for a story, and I will talk for a while.",
      "Gladly. Would you like a joke, a story, or a sum?",
    ],
  ],
];

export const smallTalkSkill: Skill = ({ plain }, context) => {
  for (const [pattern, options] of exchanges) {
    if (!pattern.test(plain)) continue;
    return addName(pick(options, context), context);
  }
  return undefined;
};

/** Greetings and farewells are warmer with the name. */
function addName(answer: string, { userName }: SkillContext): string {
  if (userName === undefined) return answer;
  return answer.replace(/^(Hello|Hi|Goodbye|Bye)\b(?: there)?/, `$1 ${userName}`);
}

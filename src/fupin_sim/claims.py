"""Claims: each hypothesis about resident-village assistance (驻村帮扶), its mechanism, its switch, where it is tested.

The source is a policy essay of about 2018 that argues without numbers. Nothing is wired so that a claim comes out true:
each mechanism has a value at which it vanishes, and most can work against the claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.parameter import parameters_of
from fupin_sim.scenario.settings import Classes

AT_ZERO = "tests/identities/test_{}.py"
ZERO, MIND, NOBODY = (AT_ZERO.format(name) for name in ("claims_at_zero", "mind_at_zero", "nobody_reached"))
TEAMS_OFF, VILLAGE_OFF = (AT_ZERO.format(name) for name in ("teams_at_zero", "village_at_zero"))
REGISTER_OFF, TEAMS = AT_ZERO.format("register_bits"), "tests/test_teams.py"
SAID = "tests/said"


@dataclass(frozen=True)
class Claim:
    """words: the claim. mechanism: what it is in the model, and what there may overturn it.

    off: paths with the values at which the mechanism vanishes; a policy by its built-in name. shown: tests of the
    mechanism. gone: tests that without strength it is as if it were absent, bit for bit.
    A test is "file::name", or "file.toml::sentence" of a said one.
    """

    id: str
    words: str
    mechanism: str
    off: Mapping[str, Any]
    shown: tuple[str, ...]
    gone: tuple[str, ...]


NO_TEAMS = {"process.teams.per_village": 0.0}

CLAIMS = (
    Claim(
        "S01", "resident teams are irreplaceable",
        "teams as agents, with their cost in both accounts; an arm without them gets the same money as cash",
        NO_TEAMS, (f"{TEAMS}::test_strength_is_skill_that_fits_times_effort_hands_and_organisation",),
        (f"{TEAMS_OFF}::test_no_teams_is_a_month_without_all_that_makes_teams",),
    ),
    Claim(
        "S02", "choose young, able cadres and graduates",
        "age, schooling, conduct and field of each cadre; strictness of selection; the young learn faster, the old "
        "know organisation better",
        {"process.recruitment.strictness": 0.0, "process.recruitment.skill_age": 0.0,
         "process.cadres.slower_with_age": 0.0},
        (f"{TEAMS}::test_selection_never_takes_somebody_worse",), (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
    Claim(
        "S03", "match first secretary and team to the village's needs (精准选配)",
        "assignment by optimal matching on needs diagnosed with error; re-assignment costs effort and trust",
        {"process.assignment.rule": "none"},
        (f"{TEAMS}::test_need_match_never_scores_below_any_other_way_of_sending_as_many",),
        (f"{TEAMS_OFF}::test_teams_that_reach_nobody_change_nothing",),
    ),
    Claim(
        "S04", "send more cadres from county level and above",
        "the sender's level sets schooling and the money brought, not monotone in level",
        {"process.mobilisation.by_county": 1.0, "process.mobilisation.by_city": 1.0,
         "process.mobilisation.by_province": 1.0, "process.mobilisation.by_centre": 1.0,
         "process.recruitment.schooling_level": 0.0},
        (f"{TEAMS}::test_senders_are_a_share_of_the_countys_pool",),
        (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
    Claim(
        "S05", "assess cadres harder (考核)",
        "assessment raises effort; paperwork grows as its power 0, 1 or 2 and takes time and strength; pressure rises "
        "to a deadline",
        {"process.assessment.strength": 0.0},
        (f"{TEAMS}::test_assessment_raises_effort_and_its_paperwork_takes_strength_and_wears_down",
         "tests/test_counties.py::test_pressure_rises_to_the_deadline_and_ends_with_it"),
        ("tests/test_counties.py::test_nobody_is_assessed_who_has_no_cadre_and_no_register_that_could_be_written_up",),
    ),
    Claim(
        "S06", "no withdrawal before exit is stable (不稳定脱贫不撤队伍)",
        "withdrawal by term, at exit or when stable; a team kept here is missing elsewhere, and exposure outlives it",
        {"process.withdrawal.rule": "never"},
        (f"{TEAMS}::test_teams_that_wait_for_stability_go_at_last",
         f"{TEAMS}::test_a_team_that_is_kept_is_missing_elsewhere"),
        (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
    Claim(
        "S07", "more hands on the front line",
        "visits to a household fall with the caseload and with remoteness; overload wears cadres down",
        {"process.cadres.tiring_load": 0.0, "process.teams.size": 0.0},
        (f"{TEAMS}::test_more_hands_on_fewer_households_wear_down_less",),
        (f"{TEAMS_OFF}::test_a_mechanism_at_zero_is_as_if_it_were_absent",),
    ),
    Claim(
        "S08", "from flood to drip irrigation (大水漫灌→精确滴灌)",
        "one budget for all alike or the poorest first; targeting errs, costs more to administer, and may favour the "
        "well connected",
        {"process.observation.favour": 0.0, "funds.allocation": "proportional"},
        ("tests/test_counties.py::test_a_county_divides_what_is_there",
         "tests/closed_forms/test_targeting.py::test_favour_and_visible_assets_make_it_worse"),
        ("tests/test_counties.py::test_allocation_is_idle_where_money_suffices",
         f"{REGISTER_OFF}::test_what_has_no_strength_changes_no_bit"),
    ),
    Claim(
        "S09", "the last mile, to village and household (到村到户)",
        "take-up and leakage, which team work and trust improve; the elite pockets part of what leaks",
        {"process.delivery.on": False},
        ("tests/test_delivery.py::test_leakage_falls_by_half_at_full_exposure",
         f"{SAID}/delivery.toml::A team that has worked long halves what leaks"),
        (f"{REGISTER_OFF}::test_what_has_no_strength_changes_no_bit",),
    ),
    Claim(
        "S10", "teams report implementation problems; good practice is copied",
        "a county's delivery quality rises with team work in its villages; practices spread from village to village",
        {"process.feedback.strength": 0.0, "process.practices.pioneers": 0.0},
        ("tests/test_village.py::test_teams_report_and_their_county_delivers_better_than_without",
         "tests/test_village.py::test_a_practice_spreads_from_village_to_village_and_sooner_by_teams"),
        (f"{VILLAGE_OFF}::test_feedback_without_strength_leaves_the_county_as_it_was",
         f"{VILLAGE_OFF}::test_no_strength_is_off"),
    ),
    Claim(
        "S11", "teams integrate project funds (整合项目资金)",
        "own and coordinated money of teams, less what fragmentation loses; part of it is missing in villages without "
        "a team",
        {"process.mobilisation.own": 0.0, "process.mobilisation.coordinated": 0.0,
         "process.mobilisation.fragmented": 0.0},
        (f"{TEAMS}::test_what_is_coordinated_is_partly_taken_from_villages_without_a_team",
         "tests/test_equal_cost.py::test_both_accounts_take_the_cadres_and_only_one_the_money_that_is_not_additional"),
        (f"{TEAMS_OFF}::test_no_money_is_no_projects",),
    ),
    Claim(
        "S12", "relief is the means, building capability the key (帮/扶)",
        "relief at discretion feeds dependence, capital and courses do not; both cost the same fund",
        {"policy.targeted_transfer.relief_share": 0.0, "policy.monitoring.cash": 0.0},
        ("tests/test_monitoring.py::test_monitoring_cash_makes_dependent_and_capital_does_not",),
        (f"{ZERO}::test_without_relief_there_is_nothing_to_depend_on",),
    ),
    Claim(
        "S13", "teams raise policy literacy, knowledge, skills, information, infrastructure",
        "technique taught and fading; job information; roads that wear away; practices",
        {"process.technique.worth": 0.0, "process.team_channels.finding": 0.0, "process.practices.worth": 0.0,
         "policy.village_infrastructure.level": 0.0},
        (f"{TEAMS_OFF}::test_each_channel_has_a_switch_of_its_own",),
        (f"{MIND}::test_a_worthless_technique_is_a_month_without_it", f"{VILLAGE_OFF}::test_no_strength_is_off"),
    ),
    Claim(
        "S14", "resources reach exactly the poor village and household",
        "officials see income with a lasting error that public review and team work reduce; assets in the yard mislead",
        {"process.register.observation": "exact"},
        ("tests/closed_forms/test_targeting.py::test_a_register_opened_on_observed_incomes_errs_as_the_table_says",
         "tests/closed_forms/test_targeting.py::test_team_work_in_the_village_makes_it_better"),
        (f"{REGISTER_OFF}::test_what_has_no_strength_changes_no_bit",),
    ),
    Claim(
        "S15", "awaken inner motivation (内生动力)",
        "an aspiration within reach and coaching raise motivation, which drives effort; too wide a gap frustrates",
        {"process.motivation.push": 0.0, "process.motivation.coaching": 0.0},
        ("tests/test_mind.py::test_a_wide_gap_frustrates_more_than_distance_alone_discourages",),
        (f"{MIND}::test_no_push_is_a_month_without_aspiration",
         f"{MIND}::test_coaching_without_strength_is_no_coaching"),
    ),
    Claim(
        "S16", "the post trains the cadre", "cadres learn what the village needs, and forget part of it at home",
        {"process.cadres.learning": 0.0},
        (f"{TEAMS}::test_the_post_teaches_what_the_village_needs_and_home_makes_forget",),
        (f"{TEAMS_OFF}::test_a_mechanism_at_zero_is_as_if_it_were_absent",),
    ),
    Claim(
        "S17", "closer ties between cadres and people",
        "trust rises with team work and falls with leakage and departures; it raises take-up and self-reporting",
        {"process.trust.gain": 0.0, "process.trust.leakage": 0.0, "process.trust.departure": 0.0,
         "process.assignment.new_faces": 0.0, "policy.monitoring.by_trust": 0.0, "process.delivery.take_up_trust": 0.0},
        (f"{TEAMS}::test_a_team_gains_trust_and_its_departure_costs_it",
         "tests/test_monitoring.py::test_a_danger_is_found_as_often_as_the_ways_say"),
        (f"{ZERO}::test_trust_that_nothing_moves_is_a_month_without_it",),
    ),
    Claim(
        "S18", 'political responsibility; the team is the "poverty office in the village"',
        "effort of those whom nothing drives but duty; whom nothing drives at all does nothing; duty alone tires too",
        {"process.cadres.effort": 0.0},
        (f"{TEAMS}::test_support_example_and_prospects_raise_effort_and_exhaustion_and_idleness_lower_it",
         f"{TEAMS}::test_effort_is_in_proportion_to_a_small_push_and_nothing_without_one"),
        (f"{TEAMS_OFF}::test_without_duty_effort_is_what_the_other_drives_make_of_it",
         f"{TEAMS_OFF}::test_whom_neither_duty_nor_anything_else_drives_does_nothing_at_all"),
    ),
    Claim(
        "S19", "results of leading people out of poverty enter the appraisal",
        "under assessment incomes just below the standard are written up; the household loses support while poor",
        {"process.register.gaming": 0.0},
        ("tests/test_register.py::test_bunching_is_found_where_incomes_are_written_up_and_not_where_they_are_not",),
        (f"{REGISTER_OFF}::test_what_has_no_strength_changes_no_bit",),
    ),
    Claim(
        "S20", "promote those who deliver, publicise examples",
        "prospects by rank of measured exits, honour, imitation among the cadres of a county; ranks reward paper too",
        {"process.cadres.promotion": 0.0, "process.cadres.imitation": 0.0, "process.cadres.rest_honour": 0.0},
        (f"{TEAMS}::test_imitation_draws_effort_together",),
        (f"{TEAMS_OFF}::test_a_mechanism_at_zero_is_as_if_it_were_absent",),
    ),
    Claim(
        "S21", "build, use and manage the team well", "management finds idlers out and spares paperwork",
        {"process.recruitment.management": 0.0},
        (f"{TEAMS}::test_management_finds_idlers_out",), (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
    Claim(
        "S22", "weigh conduct, responsibility, knowledge, age, schooling, speciality",
        "skills in four fields from several attributes; mixed teams complement one another",
        {"process.recruitment.skill_schooling": 0.0, "process.recruitment.skill_conduct": 0.0,
         "process.recruitment.skill_speciality": 0.0, "process.recruitment.mixed": False},
        (f"{TEAMS}::test_the_mean_skill_is_what_schooling_conduct_and_speciality_say",
         f"{TEAMS}::test_members_of_a_mixed_team_are_of_different_fields"),
        (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
    Claim(
        "S23", "avoid sending idlers who become outsiders and then marginal (闲人/局外人/边缘人)",
        "a share of idlers that selection reduces; they spare effort and may be recalled",
        {"process.cadres.idleness": 0.0, "process.cadres.recall": 0.0},
        (f"{TEAMS}::test_a_strict_sender_sends_fewer_idlers_and_better_conduct",),
        (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
    Claim(
        "S24", "train, reward, punish, demonstrate", "training of the weakest field at a cost; recall of the unfit",
        {"process.cadres.training": 0.0, "process.cadres.recall": 0.0},
        (f"{TEAMS}::test_training_teaches_the_weakest_field", f"{TEAMS}::test_strict_senders_recall_idlers"),
        (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
    Claim(
        "S25", "political, work, pay and psychological support (安心安身安业)",
        "support raises effort and rest; exhaustion lowers effort and drives cadres away",
        {"process.cadres.support": 0.0},
        (f"{TEAMS}::test_the_worn_out_leave_and_others_come_in_their_places",),
        (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
    Claim(
        "S26", "team as catalyst, drip pipe, booster", "channels of production, jobs, delivery and motivation",
        {"process.team_channels.production": False, "process.team_channels.jobs": False,
         "process.team_channels.delivery": False, "process.team_channels.motivation": False},
        (f"{TEAMS_OFF}::test_each_channel_has_a_switch_of_its_own",),
        (f"{TEAMS_OFF}::test_with_every_channel_off_not_one_bit_of_households_changes",
         f"{TEAMS_OFF}::test_with_every_channel_off_whatever_teams_do_is_read_by_nobody"),
    ),
    Claim(
        "S27", "the poor are the subject, not only the object", "motivation acts on effort in farm and business",
        {"process.motivation.effort": 0.0},
        ("tests/test_mind.py::test_effort_is_one_at_the_usual_and_rises_with_motivation",),
        (f"{MIND}::test_no_effort_is_business_without_effort",),
    ),
    Claim(
        "S28", "the grassroots party organisation matters",
        "capacity of the village organisation, which teams teach, or whose work they do in its place",
        {"process.organization.teaching": 0.0, "process.organization.disuse": 0.0, "process.organization.youth": 0.0,
         "process.organization.turnover": 0.0},
        ("tests/test_village.py::test_a_team_that_teaches_raises_capacity_and_one_that_does_the_work_itself_lowers_it",),
        (f"{VILLAGE_OFF}::test_an_organisation_that_nothing_moves_is_one_switched_off",),
    ),
    Claim(
        "S29", "new local worthies set an example (新乡贤)",
        "wealthy households that engage: peers learn and are hired, and part of projects is captured",
        {"process.worthies.engages": 0.0},
        ("tests/test_village.py::test_neighbours_of_a_worthy_learn_and_find_jobs",
         "tests/test_village.py::test_worthies_keep_a_part_of_the_projects_of_others_and_no_fen_is_lost"),
        (f"{VILLAGE_OFF}::test_no_strength_is_off",),
    ),
    Claim(
        "S30", "support ambition and skill, not income alone (扶志扶智)",
        "a lift of aspiration at the first visit, coaching, courses",
        {"process.aspiration.lift": 0.0, "policy.aspiration_coaching.visits": 0.0, "policy.training.technique": 0.0},
        (f"{SAID}/work_and_credit.toml::A coach comes to the registered, is paid in kind, and is remembered",),
        (f"{MIND}::test_coaching_without_strength_is_no_coaching",
         f"{NOBODY}::test_a_service_without_effect_is_felt_by_nobody"),
    ),
    Claim(
        "S31", "overcome waiting, relying, demanding (等靠要)",
        "dependence grows with the share of relief in income and takes labour, by a strength swept from zero",
        {"process.dependence.strength": 0.0, "process.motivation.reliance": 0.0},
        ("tests/test_employment.py::test_a_greater_strength_takes_more_labour_and_never_more_than_it_says",),
        (f"{MIND}::test_no_dependence_is_labour_offered_whole",
         f"{MIND}::test_no_reliance_leaves_motivation_deaf_to_dependence"),
    ),
    Claim(
        "S32", "exits that rest on relief money and temporary industry support do not last",
        "projects and support expire; prices fall as a county is flooded; migration after the end softens it",
        {"policy.industry_support.grant": 0.0, "policy.targeted_transfer.expiry": None},
        ("tests/test_industry.py::test_a_project_is_worth_what_it_is_said_to_be_and_then_expires",
         "tests/test_industry.py::test_a_running_project_keeps_people_home_and_its_end_sends_them_away"),
        (f"{NOBODY}::test_a_policy_that_reaches_nobody",
         f"{VILLAGE_OFF}::test_a_price_that_does_not_move_is_a_price_of_one"),
    ),
    Claim(
        "S33", "marginal households just above the standard are excluded and fall at any shock (边缘户)",
        "the register ends at a line; falls of marginal households count as new poverty, apart from return",
        {"process.year_end.marginal": 1.0, "policy.monitoring.coverage": "ex_poor"},
        ("tests/test_register.py::test_marginal_households_that_fall_are_new_poverty",
         "tests/test_monitoring.py::test_wider_coverage_shares_one_office_so_fewer_of_the_ex_poor_are_found"),
        (f"{SAID}/monitoring.toml::The programme of those who left the register does not look at others",),
    ),
    Claim(
        "S34", "prevent policy-made return (政策性返贫)",
        "benefits tied to dibao end at one stroke; recipients just below its limit withhold labour",
        {"process.dependence.notch": 0.0, "policy.dibao.tied": 0.0},
        (f"{SAID}/dibao.toml::The notch: one yuan a year more than the level costs all tied benefits, "
         "100 yuan a month",),
        (f"{MIND}::test_no_notch_is_dibao_without_one",),
    ),
    Claim(
        "S35", "adjust the poverty line dynamically",
        "constant, indexed, stepped and relative lines; statistical return told apart from real return",
        {"line.rule": "stepped", "line.grows_by": 0.0},
        ("tests/test_line.py::test_the_parts_are_those_that_the_households_show",
         "tests/test_line.py::test_statistical_and_real_return_add_up_and_only_a_new_line_makes_the_first"),
        ("tests/test_line.py::test_rules_that_move_nothing_are_equal_bit_for_bit",),
    ),
    Claim(
        "S36", "workable policy linkage (政策衔接)", "three clocks: expiry, grace, taper; a cliff without them",
        {"policy.targeted_transfer.grace": 0, "policy.targeted_transfer.taper": 0,
         "policy.targeted_transfer.expiry": None},
        (f"{SAID}/clocks.toml::Grace comes first, then the taper",),
        (f"{SAID}/clocks.toml::Without grace and taper it is a cliff",),
    ),
    Claim(
        "S37", "post-exit support tracks ex-poor and marginal households (后扶持)",
        "monitoring with chance, false alarms, lags and a fixed office; then relief, capital or a job",
        {"policy.monitoring.capacity": 0.0, "policy.monitoring.screening": 0.0},
        ("tests/test_monitoring.py::test_a_danger_is_found_as_often_as_the_ways_say",
         "tests/test_monitoring.py::test_what_cannot_be_followed_up_is_missed_and_comes_again"),
        (f"{NOBODY}::test_a_policy_that_reaches_nobody_beside_others",),
    ),
    Claim(
        "S38", "rural education, health and old-age security", "three safety nets: school aid, insurance, pension",
        {"policy.school_aid.level": 0.0, "policy.medical_reimbursement.registered": 0.5, "policy.pension.level": 0.0},
        (f"{SAID}/safety_nets.toml::Pensions rise on their date",
         "tests/test_policies.py::test_aid_keeps_pupils_at_school"),
        (f"{NOBODY}::test_a_policy_that_reaches_nobody",),
    ),
    Claim(
        "S39", "raise people's own abilities", "adult courses and the schooling of children who go to work",
        {"process.adult_training.years": 0.0, "policy.training.schooling": 0.0},
        (f"{SAID}/work_and_credit.toml::Two years of courses are a year of schooling",),
        (f"{MIND}::test_courses_that_count_for_nothing_are_no_courses",),
    ),
    Claim(
        "S40", "combine with rural revitalisation, new modes",
        "cooperatives real and shell, collective income, village infrastructure",
        {"process.cooperatives.founded": 0.0, "process.collective_income.dividend": 0.0,
         "policy.village_infrastructure.level": 0.0},
        ("tests/test_village.py::test_a_real_cooperative_pays_and_a_shell_costs",),
        (f"{VILLAGE_OFF}::test_no_strength_is_off", f"{NOBODY}::test_a_policy_that_reaches_nobody"),
    ),
    Claim(
        "S41", "the aim is true exit (真正脱贫)",
        "nominal exit by income, or with guarantees, or stable exit without policy income; the counties' exit test",
        {"process.register.exit": "income"},
        (f"{SAID}/register.toml::Stable exit asks for 4,800 yuan of one's own in two Decembers running",
         "tests/test_register.py::test_a_county_passes_only_below_all_three_limits"),
        (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
    Claim(
        "S42", "concentrate on deep poverty",
        "remoteness lowers yields, jobs and visits; budgets may be tilted to remote counties",
        {"funds.tilt": 0.0, "process.season.remoteness": 0.0, "process.migration.remoteness": 0.0,
         "process.teams.far": 0.0},
        ("tests/test_counties.py::test_a_tilt_gives_more_to_remote_counties",
         "tests/test_policies.py::test_the_remotest_villages_come_first"),
        (f"{ZERO}::test_without_strength_the_rest_is_idle",),
    ),
)  # fmt: skip
"""In order of their ids."""


@dataclass(frozen=True)
class Counter:
    """What could overturn a statement about the claims, its switches, and tests of a setting in which it wins."""

    id: str
    words: str
    switches: tuple[str, ...]
    tests: tuple[str, ...]


COUNTERS = (
    Counter(
        "H1",
        "needs are seen with error, changing places costs, specialists are scarce",
        (
            "process.assignment.diagnosis_error",
            "process.teams.settling",
            "process.assignment.new_faces",
        ),
        (
            "tests/test_teams_overturned.py::"
            "test_matched_teams_fit_better_until_diagnosis_fails_and_changing_places_costs_too_much",
            "tests/test_teams_overturned.py::test_specialists_are_scarce",
        ),
    ),
    Counter(
        "H2",
        "a team may do the committee's work for it; kept here, it is missing elsewhere",
        (
            "process.organization.crowding",
            "process.organization.disuse",
            "process.withdrawal.rule",
        ),
        (
            "tests/test_village.py::"
            "test_a_team_that_teaches_raises_capacity_and_one_that_does_the_work_itself_lowers_it",
            "tests/test_teams_overturned.py::test_teams_that_are_kept_leave_other_villages_without",
        ),
    ),
    Counter(
        "H3",
        "relief that is kept is no risk; without dependence nothing else speaks against it",
        (
            "process.dependence.strength",
            "policy.targeted_transfer.grace",
        ),
        (
            "tests/test_claims_overturned.py::"
            "test_h3_exits_that_rest_on_relief_are_the_safest_while_it_is_kept_and_the_least_safe_when_it_ends",
        ),
    ),
    Counter(
        "H4",
        "one office for more households; false alarms take its places",
        (
            "policy.monitoring.capacity",
            "policy.monitoring.false_alarm",
        ),
        (
            "tests/test_monitoring.py::test_wider_coverage_shares_one_office_so_fewer_of_the_ex_poor_are_found",
            "tests/test_monitoring.py::test_watching_more_households_finds_more_danger_with_room_for_all_and_less_where_"
            "false_alarms_take_the_places",
        ),
    ),
    Counter(
        "H5",
        "who loses a project looks for work elsewhere",
        (
            "policy.industry_support.search",
            "policy.industry_support.crowding",
        ),
        (
            "tests/test_industry.py::"
            "test_after_the_end_households_earn_less_than_if_they_had_never_had_a_project_unless_they_seek_work_for_it",
        ),
    ),
    Counter(
        "H6",
        "an aim too far away frustrates; coaching is calibrated, so that its strength is the answer",
        (
            "process.motivation.push",
            "process.motivation.coaching",
        ),
        (
            "tests/test_mind.py::test_a_wide_gap_frustrates_more_than_distance_alone_discourages",
            "tests/test_mind.py::"
            "test_a_lift_of_aspiration_encourages_those_near_their_aim_and_discourages_those_far_from_it",
        ),
    ),
    Counter(
        "H7",
        "without saving a taper only delays",
        ("process.investment.most_of_income",),
        ("tests/test_claims_overturned.py::test_h7_a_taper_only_delays_where_assets_do_not_grow_meanwhile",),
    ),
    Counter(
        "H8",
        "an identity without behaviour",
        ("line.rule",),
        ("tests/test_line.py::test_statistical_and_real_return_add_up_and_only_a_new_line_makes_the_first",),
    ),
    Counter(
        "H9",
        "incomes are misread, wealth and clan are favoured, administration costs more",
        (
            "process.observation.first_pass",
            "process.observation.favour",
            "policy.targeted_transfer.administration",
        ),
        (
            "tests/closed_forms/test_targeting.py::test_favour_and_visible_assets_make_it_worse",
            "tests/closed_forms/test_targeting.py::"
            "test_where_strong_favour_goes_to_wealth_targeted_money_lifts_fewer_than_money_for_all",
            "tests/closed_forms/test_targeting.py::"
            "test_the_error_at_which_half_of_the_poor_are_missed_is_beyond_that_of_a_first_pass",
        ),
    ),
    Counter(
        "H10",
        "paperwork takes time and strength and tires, however it grows",
        (
            "process.assessment.paperwork_power",
            "process.teams.paperwork",
            "process.cadres.tiring_paperwork",
        ),
        (
            "tests/test_teams_overturned.py::"
            "test_by_the_curves_alone_assessment_helps_up_to_a_point_if_paperwork_grows_with_it_and_never_if_it_is_all_there",
            "tests/test_teams_overturned.py::"
            "test_lived_too_assessment_strengthens_teams_up_to_a_point_that_hangs_on_how_paperwork_grows",
        ),
    ),
    Counter(
        "H11",
        "money that is brought is missing elsewhere, and costs society as any other",
        (
            "process.mobilisation.diverted",
            "process.teams.per_village",
        ),
        (
            "tests/test_teams.py::test_what_is_coordinated_is_partly_taken_from_villages_without_a_team",
            "tests/test_equal_cost.py::test_the_social_account_asks_for_more_money_in_the_place_of_teams",
        ),
    ),
    Counter(
        "H12",
        "position alone: money by any name lifts those just below the line",
        ("policy.uniform_cash.level",),
        ("tests/test_claims_overturned.py::test_h12_whom_a_safety_net_lifts_is_a_matter_of_where_they_stand",),
    ),
)
"""Of the twelve statements that studies are to judge, in order."""


def parameters_by_claim() -> dict[str, list[str]]:
    """The paths of the built-in parameters that say which claim they belong to; a policy by its built-in name."""
    classes = Classes.of(BUILT_IN)
    groups = {
        "": classes.sections, "process.": classes.processes, "policy.": classes.policies, "shock.": classes.shocks,
    }  # fmt: skip
    found: dict[str, list[str]] = {}
    for group, known in groups.items():
        for name, cls in known.items():
            for key, parameter in parameters_of(cls).items():
                if parameter.claim:
                    found.setdefault(parameter.claim, []).append(f"{group}{name}.{key}")
    return found

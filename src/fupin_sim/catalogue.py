"""Catalogue: everything built in, by the name a scenario file calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fupin_sim.allocation import CountyFunds
from fupin_sim.costs import Cost
from fupin_sim.line import BurnIn, Line, Prices
from fupin_sim.measures import (
    atkinson,
    discounted_cost,
    early_warning,
    incomes,
    inequality,
    line_change,
    marginal,
    mobility,
    monitoring,
    multidimensional,
    notch,
    palma,
    person_years,
    poverty,
    register,
    returns,
    sen,
    sources,
    spending,
    targeting,
    teams,
    theil,
    transitions,
    watts,
)
from fupin_sim.month import Mode
from fupin_sim.plugins import Measure, Policy, Process, Section, Shock
from fupin_sim.policies.aspiration_coaching import AspirationCoaching
from fupin_sim.policies.dibao import Dibao
from fupin_sim.policies.disaster_relief import DisasterRelief
from fupin_sim.policies.industry_support import IndustrySupport
from fupin_sim.policies.job_service import JobService
from fupin_sim.policies.medical_reimbursement import MedicalReimbursement
from fupin_sim.policies.microcredit import Microcredit
from fupin_sim.policies.monitoring import Monitoring
from fupin_sim.policies.pension import Pension
from fupin_sim.policies.post_support import PostSupport
from fupin_sim.policies.public_jobs import PublicJobs
from fupin_sim.policies.return_insurance import ReturnInsurance
from fupin_sim.policies.school_aid import SchoolAid
from fupin_sim.policies.targeted_transfer import TargetedTransfer
from fupin_sim.policies.team_projects import TeamGrants, TeamProjects
from fupin_sim.policies.training import Training
from fupin_sim.policies.uniform_cash import UniformCash
from fupin_sim.policies.village_infrastructure import VillageInfrastructure
from fupin_sim.population import Population
from fupin_sim.processes.adult_training import AdultTraining
from fupin_sim.processes.aspiration import Aspiration, Outlook
from fupin_sim.processes.assessment import Assessment
from fupin_sim.processes.assignment import Assignment, Dispatch
from fupin_sim.processes.bills import Bills, Clearing
from fupin_sim.processes.business import Business, Season
from fupin_sim.processes.cadres import Appraisal, Cadres
from fupin_sim.processes.consumption import Consumption
from fupin_sim.processes.cooperative_surplus import CooperativeSurplus
from fupin_sim.processes.cooperatives import CooperativeFees, Cooperatives
from fupin_sim.processes.coping import Coping, Repayment
from fupin_sim.processes.county_exit import CountyExit
from fupin_sim.processes.delivery import Delivery
from fupin_sim.processes.dependence import Dependence
from fupin_sim.processes.disaster import Disaster
from fupin_sim.processes.family_life import FamilyLife
from fupin_sim.processes.feedback import Feedback
from fupin_sim.processes.growth import Growth
from fupin_sim.processes.illness import Illness
from fupin_sim.processes.investment import Aims, Investment
from fupin_sim.processes.job_loss import JobLoss
from fupin_sim.processes.migration import Migration, MigrationWish
from fupin_sim.processes.mobilisation import CollectiveIncome, Mobilisation
from fupin_sim.processes.motivation import Motivation
from fupin_sim.processes.norms import Norms
from fupin_sim.processes.observation import Observation
from fupin_sim.processes.optimal import OptimalConsumption, OptimalInvestment, OptimalOutput
from fupin_sim.processes.organization import Organization
from fupin_sim.processes.poverty import Bookkeeping, Spells, YearEnd
from fupin_sim.processes.practices import Practices
from fupin_sim.processes.product_market import ProductMarket, UsualTrade
from fupin_sim.processes.projects import Projects
from fupin_sim.processes.property_income import PropertyIncome
from fupin_sim.processes.recruitment import Recruitment
from fupin_sim.processes.register import Enrolment, Register
from fupin_sim.processes.schooling import Schooling
from fupin_sim.processes.teams import TeamChannels, Teams
from fupin_sim.processes.technique import Technique
from fupin_sim.processes.trust import Trust
from fupin_sim.processes.upkeep import Upkeep
from fupin_sim.processes.wages import Wages
from fupin_sim.processes.watch import Watch
from fupin_sim.processes.withdrawal import Withdrawal
from fupin_sim.processes.worthies import Example, Worthies
from fupin_sim.shocks.drought import Drought
from fupin_sim.shocks.macro import Macro


@dataclass(frozen=True)
class BuiltIn:
    """The sections, processes, policies, shocks and measures of this package."""

    sections: Mapping[str, type[Section]]
    processes: Mapping[str, type[Process]]
    policies: Mapping[str, type[Policy]]
    shocks: Mapping[str, type[Shock]]
    measures: Mapping[str, type[Measure]]


BUILT_IN = BuiltIn(
    sections=MappingProxyType(
        {
            "population": Population,
            "line": Line,
            "prices": Prices,
            "burn_in": BurnIn,
            "funds": CountyFunds,
            "cost": Cost,
            "model": Mode,
        }
    ),
    processes=MappingProxyType(
        {
            "growth": Growth,
            "enrolment": Enrolment,
            "aims": Aims,
            "upkeep": Upkeep,
            "worthies": Worthies,
            "practices": Practices,
            "cooperatives": Cooperatives,
            "season": Season,
            "delivery": Delivery,
            "family": FamilyLife,
            "disaster": Disaster,
            "illness": Illness,
            "job_loss": JobLoss,
            "schooling": Schooling,
            "migration_wish": MigrationWish,
            "product_market": ProductMarket,
            "migration": Migration,
            "business": Business,
            "cooperative_fees": CooperativeFees,
            "projects": Projects,
            "wages": Wages,
            "property_income": PropertyIncome,
            "bills": Bills,
            "coping": Coping,
            "consumption": Consumption,
            "investment": Investment,
            "repayment": Repayment,
            "example": Example,
            "technique": Technique,
            "adult_training": AdultTraining,
            "outlook": Outlook,
            "aspiration": Aspiration,
            "motivation": Motivation,
            "dependence": Dependence,
            "norms": Norms,
            "organization": Organization,
            "feedback": Feedback,
            "cooperative_surplus": CooperativeSurplus,
            "usual_trade": UsualTrade,
            "clearing": Clearing,
            "bookkeeping": Bookkeeping,
            "spells": Spells,
            "recruitment": Recruitment,
            "cadres": Cadres,
            "teams": Teams,
            "team_channels": TeamChannels,
            "trust": Trust,
            "mobilisation": Mobilisation,
            "collective_income": CollectiveIncome,
            "dispatch": Dispatch,
            "assignment": Assignment,
            "withdrawal": Withdrawal,
            "appraisal": Appraisal,
            "observation": Observation,
            "assessment": Assessment,
            "register": Register,
            "county_exit": CountyExit,
            "watch": Watch,
            "year_end": YearEnd,
            "optimal_output": OptimalOutput,
            "optimal_consumption": OptimalConsumption,
            "optimal_investment": OptimalInvestment,
        }
    ),
    policies=MappingProxyType(
        {
            "uniform_cash": UniformCash,
            "targeted_transfer": TargetedTransfer,
            "dibao": Dibao,
            "medical_reimbursement": MedicalReimbursement,
            "school_aid": SchoolAid,
            "pension": Pension,
            "disaster_relief": DisasterRelief,
            "return_insurance": ReturnInsurance,
            "microcredit": Microcredit,
            "public_jobs": PublicJobs,
            "job_service": JobService,
            "training": Training,
            "aspiration_coaching": AspirationCoaching,
            "village_infrastructure": VillageInfrastructure,
            "team_projects": TeamProjects,
            "team_grants": TeamGrants,
            "industry_support": IndustrySupport,
            "monitoring": Monitoring,
            "post_support": PostSupport,
        }
    ),
    shocks=MappingProxyType({"drought": Drought, "macro": Macro}),
    measures=MappingProxyType(
        {
            "headcount": poverty.Headcount,
            "headcount_monthly": poverty.HeadcountMonthly,
            "poverty_gap": poverty.PovertyGap,
            "squared_gap": poverty.SquaredGap,
            "watts": watts.Watts,
            "sen": sen.Sen,
            "sen_shorrocks_thon": sen.SenShorrocksThon,
            "multidimensional": multidimensional.Multidimensional,
            "headcount_change": line_change.HeadcountChange,
            "gini_income": inequality.GiniIncome,
            "gini_consumption": inequality.GiniConsumption,
            "theil": theil.Theil,
            "atkinson": atkinson.Atkinson,
            "palma": palma.Palma,
            "transitions": transitions.YearlyTransitions,
            "rank_correlation": mobility.RankCorrelation,
            "return_rate": returns.ReturnRate,
            "return_rate_net_of_policy": returns.ReturnRateNetOfPolicy,
            "return_rate_net_of_bills": returns.ReturnRateNetOfBills,
            "return_by_cause": line_change.ReturnByCause,
            "new_poverty_rate": returns.NewPovertyRate,
            "entry_by_cause": sources.EntryByCause,
            "exit_rate": returns.ExitRate,
            "registered_share": returns.RegisteredShare,
            "exclusion_error": targeting.ExclusionError,
            "inclusion_error": targeting.InclusionError,
            "leakage": targeting.Leakage,
            "targeting_differential": targeting.TargetingDifferential,
            "cgh": targeting.CGH,
            "take_up": targeting.TakeUp,
            "outlay_leakage": targeting.OutlayLeakage,
            "marginal_share": marginal.MarginalShare,
            "marginal_new_poverty_rate": marginal.MarginalNewPovertyRate,
            "stable_exit_share": register.StableExitShare,
            "gamed_exits": register.GamedExits,
            "bunching": register.Bunching,
            "county_exit_test": register.CountyExitTest,
            "income": incomes.Income,
            "income_by_source": incomes.IncomeBySource,
            "monitored_share": monitoring.MonitoredShare,
            "monitored_by_class": monitoring.MonitoredByClass,
            "alarms": monitoring.Alarms,
            "alarm_recall": early_warning.AlarmRecall,
            "alarm_precision": early_warning.AlarmPrecision,
            "spending": spending.Spending,
            "spending_by_policy": spending.SpendingByPolicy,
            "received_by_decile": spending.ReceivedByDecile,
            "benefit_notch": notch.BenefitNotch,
            "institution_costs": spending.InstitutionCosts,
            "fiscal_cost": discounted_cost.FiscalCost,
            "social_cost": discounted_cost.SocialCost,
            "poor_person_years": person_years.PoorPersonYears,
            "poor_person_years_discounted": person_years.PoorPersonYearsDiscounted,
            "catastrophic_spending": incomes.CatastrophicSpending,
            "migrants_share": incomes.MigrantsShare,
            "debt": incomes.Debt,
            "hunger": incomes.Hunger,
            "team_strength": teams.TeamStrength,
            "team_exposure": teams.TeamExposure,
            "villages_served": teams.VillagesServed,
            "teams_matched": teams.TeamsMatched,
            "cadre_effort": teams.CadreEffort,
            "cadre_burnout": teams.CadreBurnout,
            "cadre_turnover": teams.CadreTurnover,
            "idle_cadres": teams.IdleCadres,
        }
    ),
)

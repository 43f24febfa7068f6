# What R's packages say of the tables in a folder: Rscript tools/reference_measures.R FOLDER. Writes FOLDER/r.csv.
# Debian: apt-get install r-cran-laeken r-cran-survival r-cran-msm r-cran-survey
suppressPackageStartupMessages({ library(laeken); library(survival); library(msm); library(survey) })
folder <- commandArgs(TRUE)[1]
out <- data.frame()
say <- function(name, values) {
  out <<- rbind(out, data.frame(name = name, place = seq_along(values), value = sprintf("%.17g", as.numeric(values))))
}

d <- read.csv(file.path(folder, "incomes.csv"))
y <- d$income; w <- d$size; z <- 30
say("laeken gini", laeken::gini(y, weights = w)$value / 100)
say("laeken gini unweighted", laeken::gini(y)$value / 100)
say("laeken gini by stratum", laeken::gini(y, weights = w, breakdown = d$stratum)$valueByStratum$value / 100)
line <- laeken::arpt(y, weights = w)
say("laeken arpt", line)
say("laeken arpr", laeken::arpr(y, weights = w)$value / 100)

# Poverty as survey means: estimate and linearised standard error, with clusters and strata.
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~size, data = d)
gap <- pmax(0, (z - y) / z)
for (a in 0:2) {
  design <- update(design, v = if (a == 0) as.numeric(y < z) else gap^a)
  m <- svymean(~v, design)
  say(paste("survey fgt", a), c(coef(m), SE(m)))
}
design <- update(design, v = ifelse(y < z, log(z / y), 0))
m <- svymean(~v, design)
say("survey watts", c(coef(m), SE(m)))
# Smooth functions of means, linearised by survey itself: Theil T, mean log deviation, Atkinson with 1 and with 2.
design <- update(design, y = y, t = y * log(y), l = log(y), i = 1 / y)
m <- svymean(~ y + t + l + i, design)
f <- svycontrast(m, list(theil = quote(t / y - log(y)), mld = quote(log(y) - l),
                         atkinson1 = quote(1 - exp(l) / y), atkinson2 = quote(1 - 1 / (i * y))))
for (k in names(coef(f))) say(paste("survey", k), c(coef(f)[k], SE(f)[k]))

s <- read.csv(file.path(folder, "spells.csv"))
k <- survfit(Surv(time, event) ~ 1, data = s)
for (part in c("time", "n.risk", "n.event", "surv")) say(paste("survival", part), k[[part]])
say("survival variance", (k$std.err * k$surv)^2)
kw <- survfit(Surv(time, event) ~ 1, data = s[rep(seq_len(nrow(s)), s$weight), ])
say("survival weighted surv", kw$surv)
say("survival weighted variance", (kw$std.err * kw$surv)^2)
k <- survfit(Surv(time, event) ~ 1, data = s, conf.type = "log-log")
say("survival lower", k$lower); say("survival upper", k$upper)

# Discrete-time hazards: a row a spell and date.
p <- s[rep(seq_len(nrow(s)), s$time), ]
p$date <- sequence(s$time)
p$y <- as.numeric(p$event == 1 & p$date == p$time)
p <- p[p$date < 7, ]  # nothing ends at the last dates
for (link in c("logit", "cloglog")) {
  g <- glm(y ~ 0 + factor(date) + x + group, family = binomial(link), data = p,
           control = glm.control(epsilon = 1e-15, maxit = 100))
  say(paste("glm", link, "effects"), coef(g))
  say(paste("glm", link, "deviation"), sqrt(diag(summary(g)$cov.unscaled)))
  say(paste("glm", link, "likelihood"), as.numeric(logLik(g)))
}

q <- read.csv(file.path(folder, "panel.csv"))
q$state <- q$state + 1
say("msm statetable", t(statetable.msm(state, id, data = q)))

# Area under the curve, as the Mann-Whitney statistic; rank correlation.
case <- s$event == 1
say("wilcox area", wilcox.test(s$x[case], s$x[!case], exact = FALSE)$statistic / (sum(case) * sum(!case)))
say("cor spearman", cor(d$income, d$size, method = "spearman"))
say("aggregate theil", sum(y / mean(y) * log(y / mean(y))) / length(y))
write.csv(out, file.path(folder, "r.csv"), row.names = FALSE, quote = FALSE)
